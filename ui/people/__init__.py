"""Parts of the page of people: the list, one person with the steps, and a table of many."""
