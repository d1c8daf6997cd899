"""Neuron by Neuron: lessons written once, notebooks generated, marks that can be trusted."""
