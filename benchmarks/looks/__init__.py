"""How long a look of a million participants takes, and its estimates beside statsmodels'."""
