"""Cluster: Dask's workers execute submissions; marks are written here, as ever."""

import sys

# As in `base.import_path`: two seconds of each start, for what no notebook asks for.
sys.modules.setdefault("rfc3987_syntax", None)
