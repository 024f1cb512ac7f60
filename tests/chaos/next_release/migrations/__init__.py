"""Of tables that everybody writes to."""
