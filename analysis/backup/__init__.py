"""The database as a file, and back: what `backup`, `restore` and `verify_site` do."""
