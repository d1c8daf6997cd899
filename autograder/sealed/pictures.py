"""Pictures drawn before, in a file by fingerprint; see `student.figure_cache`."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path


def read(path: Path) -> dict[str, bytes]:
    """Read what `write` wrote."""
    texts = json.loads(path.read_bytes())
    return {name: base64.b64decode(text) for name, text in texts.items()}


def write(pictures: dict[str, str], path: Path) -> None:
    """Keep pictures (base64) by fingerprint."""
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(pictures), "utf-8")
    fresh.replace(path)
