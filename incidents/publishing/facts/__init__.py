"""Facts: the timeline read into plain shapes, each with a constant number of queries."""
