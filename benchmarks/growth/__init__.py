"""What grows with the number of participants, and what does not."""
