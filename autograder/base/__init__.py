"""Base: errors, paths, locks, files, hashes; what everything else stands on."""
