"""Pages of people, their roles, their own account, and the tree of units."""
