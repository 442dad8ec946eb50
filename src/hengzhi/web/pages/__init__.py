"""The reading pages: risks, measures, indicators, figures and runs."""
