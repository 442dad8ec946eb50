"""Clocks: every deadline of the house, by rules that are dated data with their source."""
