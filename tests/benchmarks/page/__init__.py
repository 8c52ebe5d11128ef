"""How fast published pages are served and how fast a change is published: `make bench-page`."""
