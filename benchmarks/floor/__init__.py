"""The floor: a bare Django that serves the same pages with one statement each, and does no more."""
