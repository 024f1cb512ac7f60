"""What `make bench` runs: whole journeys through the site, beside a floor that can't be beaten."""
