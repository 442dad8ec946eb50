"""Datasets: batches, their files and versions, and the vault of pseudonyms."""
