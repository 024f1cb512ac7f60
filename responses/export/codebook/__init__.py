"""The codebook of a study: what each variable is, and how often it has which value."""
