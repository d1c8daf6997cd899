"""Publish: what students get; bundle, site, data, a check of their own."""
