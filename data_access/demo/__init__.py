"""An invented company, so that every page has something true to find on the first start."""
