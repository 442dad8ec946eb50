"""The web: pages that read stored figures."""
