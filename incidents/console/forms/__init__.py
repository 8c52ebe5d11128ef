"""One module per resource; forms validate, verbs act."""
