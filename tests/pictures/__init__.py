"""Pictures of the public face and of the console for docs/screenshots: `make pictures`."""
