"""Parts of the records page: one record per form, made from the columns of an import kind."""
