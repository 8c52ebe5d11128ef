"""Mails: facts to words to bytes. Rendered once per update, language and zone."""
