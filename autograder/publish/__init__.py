"""Publish: what students get; bundle, site, data, variants, a check of their own."""
