"""Pages on findings and deadlines."""
