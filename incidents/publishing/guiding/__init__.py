"""The error guide asked by one reader: filtered, searched, or shown an error. Unlike what is published."""
