"""WHO saw and said what: participants, submissions, the allocation ledger and exports."""
