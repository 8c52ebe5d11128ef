"""Documents: facts in, bytes out. No database, no clock, no settings of ours, no request."""
