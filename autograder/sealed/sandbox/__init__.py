"""Sandbox: a forked process that can reach next to nothing; knows no notebook."""
