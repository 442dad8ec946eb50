"""A mapping: how the columns of a file become the columns of a fact table."""
