"""Intake: how work comes in and is made gradable."""
