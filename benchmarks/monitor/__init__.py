"""What `make bench-monitor` runs."""
