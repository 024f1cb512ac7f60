"""Fuzzing: `make fuzz` gives the parsers, the participant's protocol and the API odd input."""
