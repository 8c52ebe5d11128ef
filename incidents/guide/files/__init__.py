"""Entries in files: as Markdown and as YAML, read with the line of whatever is wrong, and written out again."""
