"""Very many respondents at once, who come whether or not the site is through with others."""
