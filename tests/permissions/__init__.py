"""Who may ask for which address of the site: a table of every one, held against the site."""
