"""How long `make run` takes to its first page: `make bench-start`."""
