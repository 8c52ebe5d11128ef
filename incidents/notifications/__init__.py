"""Who is told, by which channel, and what came of it."""
