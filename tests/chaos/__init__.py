"""What goes wrong on a server, done on purpose: `make chaos`, and a short form among the tests."""
