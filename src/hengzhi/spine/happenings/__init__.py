"""Happenings: complaints, incidents, leaks, near misses and losses under one header."""
