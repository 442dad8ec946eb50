"""Audit: what was done, by whom, in a chain that can't be cut unseen."""
