"""Rescue: what honest students did otherwise than asked is found, kept and shown."""
