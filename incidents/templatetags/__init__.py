"""Template tags and filters: pure, none of them queries the database."""
