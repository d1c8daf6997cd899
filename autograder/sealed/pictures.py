"""Pictures drawn before, in a file by fingerprint; see `student.figure_cache`."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from autograder.base.files import replacing


def read(path: Path) -> dict[str, bytes]:
    """Read what `write` wrote."""
    texts = json.loads(path.read_bytes())
    return {name: base64.b64decode(text) for name, text in texts.items()}


def write(pictures: dict[str, str], path: Path) -> None:
    """Keep pictures (base64) by fingerprint."""
    with replacing(path) as file:
        json.dump(pictures, file)
