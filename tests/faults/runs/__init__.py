"""The faults, each a function from a case to a report; small in `make test`, at full size in `make faults`."""
