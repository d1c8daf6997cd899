"""Marking: people mark answers in words, on pages that this machine alone serves."""
