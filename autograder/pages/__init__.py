"""Pages: what people read in a browser, safe whatever students wrote or displayed."""
