"""Cluster: Dask's workers execute submissions; marks are written here, as ever."""

import sys

# As in `cli.main`: two seconds of each worker's start, for what no notebook asks for.
sys.modules.setdefault("rfc3987_syntax", None)
