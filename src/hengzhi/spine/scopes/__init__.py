"""Scopes: the institution's units and the places that figures belong to."""
