"""Course: which lessons, which folders, which settings."""
