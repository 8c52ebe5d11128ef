"""Families of documents: one declaration for each kind of address (see family.py); catalogue.py lists them."""
