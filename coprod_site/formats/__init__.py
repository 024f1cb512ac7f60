"""How days and times are written; Django finds the module of a language by its name."""
