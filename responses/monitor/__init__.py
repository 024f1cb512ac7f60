"""What the desk's monitor shows of a study, from its tallies."""
