"""Access: who may do what, where and from when to when; the one way from a person to rows."""
