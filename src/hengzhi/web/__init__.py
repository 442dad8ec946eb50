"""The web entrance: parse, one call, render."""
