"""Parts of the page on customers' equipment and external damage."""
