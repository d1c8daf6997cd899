"""Authoring: a lesson's source becomes notebooks, and a class to try them on."""
