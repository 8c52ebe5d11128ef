"""The public face: facts become documents, and readers get the documents."""
