"""Runs: what was computed, from what, and how it came out."""
