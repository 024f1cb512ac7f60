"""What one request of each page costs, counted and not timed: `make budget`, decision 31."""
