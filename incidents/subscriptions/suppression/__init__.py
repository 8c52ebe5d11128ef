"""The suppression journal: who is not to be mailed, kept where losing the database does not lose it."""
