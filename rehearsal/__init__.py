"""The study before it is run: people who are made up answer it, and what they are is known."""
