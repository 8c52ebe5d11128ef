"""What helps to write a postmortem: where it starts from, and what is worth a second look."""
