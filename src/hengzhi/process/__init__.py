"""Processes: how services are handled, step by step (M2, R2)."""
