"""History searched and filtered: asked of the database for each reader, unlike what is published."""
