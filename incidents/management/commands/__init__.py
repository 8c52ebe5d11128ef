"""Thin commands: each one calls one function of a room."""
