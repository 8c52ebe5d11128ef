"""One module per resource; functions index, show, new, create, edit, update, destroy."""
