"""Parts of the pages of rectification items."""
