"""The other side of every wire: sinks that misbehave as they are told to and write down what they saw."""
