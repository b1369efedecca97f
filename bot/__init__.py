"""Safar: a multilingual advisory assistant that shows the source of every statement."""
