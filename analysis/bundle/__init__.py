"""The replication bundle: everything of a study that a reader needs to check and rerun it."""
