"""`make bench`: ratios measured side by side in one run on one machine, never absolute promises."""
