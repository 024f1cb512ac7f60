"""How participants fare while somebody goes through the pages of the desk."""
