"""A study's data as files, every column of them taken from `experiments.variables`."""
