"""Staff screens: the instrument for the person on call. Views load, call one verb, and answer."""
