"""WHAT is asked: studies as rows, as a file, and as a frozen design."""
