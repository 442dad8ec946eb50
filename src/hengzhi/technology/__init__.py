"""Technology: systems, their failures and their security (M4, R4)."""
