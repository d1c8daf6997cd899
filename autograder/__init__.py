"""Neuron by Neuron: lessons, their notebooks, and marks that can be trusted."""

__version__ = "0.1.0"
"""The one place of the version: a student's copy of the package is not installed."""
