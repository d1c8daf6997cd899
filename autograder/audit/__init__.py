"""Audit: what the tests are worth, proven on answers whose verdict is known."""
