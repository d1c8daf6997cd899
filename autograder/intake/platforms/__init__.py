"""Platforms: whose a file is, when it came and who is listed, as each writes it."""
