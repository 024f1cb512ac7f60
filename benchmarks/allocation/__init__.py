"""How many allocations Postgres takes in a second, beside the least that it could be asked for."""
