"""The spine: the records and use cases that all capabilities share."""
