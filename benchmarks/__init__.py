"""How fast the house is: ratios against a named peer and the physical limit, in one run."""
