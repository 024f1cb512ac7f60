"""Commands of the analysis."""
