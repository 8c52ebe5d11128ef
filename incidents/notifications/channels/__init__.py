"""Ways to reach people. Each takes a prepared message and says what came of it."""
