"""Neuron by Neuron: lessons, their notebooks, and marks that can be trusted."""
