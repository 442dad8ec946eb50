"""Readers: files of institutions as blocks of raw columns with their line numbers."""
