"""What must hold while something is broken: killed processes, damaged files, full disks, no database."""
