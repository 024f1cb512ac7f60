"""The study and the account that a new site gets, by name."""

STUDY = "coproduction"
RESEARCHER = "researcher"
