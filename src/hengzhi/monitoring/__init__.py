"""Monitoring: whether service quality is watched, found and handled (M5, R5)."""
