"""Parts of the imports page: each is given what was read and says what a person chose; the page acts."""
