"""What the processes of a site hold in memory: `make bench-memory`."""
