"""What people enter on the public forms. Forms check; the verbs act."""
