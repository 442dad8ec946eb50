"""Feedback: what customers expect, say and experience (M1, R1)."""
