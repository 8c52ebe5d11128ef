"""Who works here: memberships and roles, invitations, tokens of programs, the first run."""
