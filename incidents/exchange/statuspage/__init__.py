"""Importing a page of Atlassian's Statuspage from its public API or from files of its answers."""
