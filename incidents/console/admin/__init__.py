"""Django's admin: the same verbs for teams that live there, raw rows to look at for everybody else."""
