"""Measurements: `safar bench …`."""
