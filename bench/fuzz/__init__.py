"""Fuzzing: real examples of what comes in from outside, spoilt in every way."""
