"""Pictures drawn before, in a file by fingerprint; see `student.figure_cache`.

They are the solution's: no process of a student's holds one. It knows digests of their
fingerprints, so a figure that is known is told by its fingerprint alone, from which
the examiner shows the picture. Nobody tells a fingerprint who has not drawn the figure.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from autograder.base.files import replacing

_PLACE = re.compile(rb"picture of the figure ([0-9a-f]{64})")
LONGEST_PLACE = 200


def read(path: Path) -> dict[str, str]:
    """Return the pictures (base64) that `write` wrote, by fingerprint."""
    return json.loads(path.read_bytes())


def write(pictures: dict[str, str], path: Path) -> None:
    """Keep pictures (base64) by fingerprint."""
    with replacing(path) as file:
        json.dump(pictures, file)


def digests(path: Path | None) -> list[str]:
    """Return what a student's process may know of a file of pictures."""
    return _digests(path, path.stat().st_mtime_ns) if path else []


@lru_cache(maxsize=64)
def _digests(path: Path, _changed_ns: int) -> list[str]:
    return [digest_of(name) for name in read(path)]


def digest_of(fingerprint: str) -> str:
    """Return what tells a fingerprint from others, and does not tell it."""
    return hashlib.sha256(fingerprint.encode()).hexdigest()


def place_of(fingerprint: str) -> bytes:
    """Return what stands for a picture until the examiner shows it."""
    return b"picture of the figure " + fingerprint.encode()


def named_in(picture: object) -> str:
    """Return the fingerprint that a display (base64) has in a picture's place."""
    if not isinstance(picture, str) or len(picture) > LONGEST_PLACE:
        return ""
    try:
        found = _PLACE.fullmatch(base64.b64decode(picture))
    except (binascii.Error, ValueError):
        return ""
    return found[1].decode() if found else ""
