"""How Postgres runs the statements of a participant's pages, of many participants."""
