"""Command line of the incidents app."""
