"""Pages of the data intake: upload, preview, receipt, list of batches, undo."""
