"""Gradebook: where marks are, and what automatic points came about by."""
