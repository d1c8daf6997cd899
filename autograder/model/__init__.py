"""Model: what a lesson is; its cells, constants, hints and catalogue of answers."""
