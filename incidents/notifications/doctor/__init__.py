"""The doctor: looks at mail, its records and the machine, and says in sentences what to mend."""
