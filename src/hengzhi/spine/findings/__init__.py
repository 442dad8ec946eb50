"""The loop: finding, cause, action, effect, and only then the end."""
