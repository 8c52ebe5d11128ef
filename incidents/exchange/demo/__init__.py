"""The demonstration page: one real incident, retold, among made-up ones."""
