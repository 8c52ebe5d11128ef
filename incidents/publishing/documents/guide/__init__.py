"""The error guide as pages."""
