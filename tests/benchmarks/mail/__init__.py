"""How fast mail leaves, against Postfix's own smtp-source and Django's mail path: `make bench-mail`."""
