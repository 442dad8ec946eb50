"""The lake: columnar facts at rest, how files become them, and their aggregation."""
