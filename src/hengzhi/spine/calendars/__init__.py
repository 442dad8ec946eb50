"""Calendars: which days and hours count, and when a limit runs out."""
