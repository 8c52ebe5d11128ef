"""Migrations of the one app: one linear chain."""
