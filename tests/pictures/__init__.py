"""Pictures of the public face for docs/screenshots: `make pictures`."""
