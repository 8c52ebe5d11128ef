"""The facts: what happened to which component, when, and what we said about it."""
