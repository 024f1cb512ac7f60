"""WHAT it means: data sets, statistics, looks and reports."""
