"""What the public face looks like to Lighthouse and to axe-core, on the real server."""
