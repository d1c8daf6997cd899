"""Folders: what somebody handed in, or a platform has packed, as a list of entries."""

import json
import os
from contextlib import suppress
from pathlib import Path
from random import Random

from bench.fuzz.mutations import of_json, of_text

NAMES = (
    "timestamp.txt",
    "data",
    ".git",
    "__MACOSX",
    "x\ny.txt",
    "\x1b[31m.ipynb",
    "=1+1.ipynb",
    "a" * 250,
    "\udcff.txt",
    "CON",
    "tiny.ipynb",
    "tiny (1).ipynb.txt",
    "-rf",
    "king_4_1001_2001_01.ipynb",
    "LATE_anon_x_100_tiny.ipynb",
    "Ada King_7_assignsubmission_file_",
    "7-1 - Ada King - 1 March, 2026 1200 PM",
    "tiny_ada_attempt_2026-03-01-12-00-00_tiny.ipynb",
    "King_Ada_ada_7",
    "Ada King - tiny.ipynb",
    "submission_metadata.yml",
    "index.html",
)
KINDS = ("file", "file", "file", "folder", "link", "pipe", "hole", "deep", "many")
MOST_MADE = 1_000
DEEPEST = 100
"""Folders of a path; what is deeper is of the kind `deep`."""


def spoilt_name(chance: Random, name: str) -> str:
    """Give a file another name: one that means something, or nothing at all."""
    parts = name.split("/")
    at = chance.randrange(len(parts))
    match chance.randrange(4):
        case 0:
            parts[at] = chance.choice(NAMES)
        case 1:
            parts.insert(at, chance.choice((*NAMES, "..", "", "C:")))
        case 2:
            parts[at] = of_text(chance, parts[at])[:300]
        case _:
            parts = parts * chance.choice((1, 2, 30))
    return "/".join(parts)


def spoilt(chance: Random, example: bytes) -> bytes:
    """Spoil a list of entries, each a path, a kind and a text."""
    entries = json.loads(example)
    for _ in range(chance.randint(1, 5)):
        path, kind, text = entries[chance.randrange(len(entries))]
        match chance.randrange(3):
            case 0:
                text = of_json(chance, text.encode()).decode("utf-8", "replace")
            case 1:
                path = spoilt_name(chance, path)
            case _:
                kind = chance.choice(KINDS)
        place = chance.randint(0, len(entries))
        entries[place : place + chance.randint(0, 1)] = [(path, kind, text)]
    return json.dumps(entries).encode()


def make(folder: Path, content: bytes) -> None:
    """Make a folder of a list of entries; what no system can make is passed over."""
    for path, kind, text in json.loads(content):
        parts = [
            p for p in path.replace("\0", "").split("/") if p not in ("", ".", "..")
        ]
        inner = map(_encoded, parts[:DEEPEST] or ["x"])
        place = os.path.join(os.fsencode(folder), *inner)
        with suppress(OSError):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            _make(place, kind, text.encode("utf-8", "replace"))


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape" if "\udcff" in name else "replace")


def _make(place: bytes, kind: str, content: bytes) -> None:
    if kind == "folder":
        os.mkdir(place)
    elif kind == "link":
        os.symlink(content[:200].replace(b"\0", b"") or b".", place)
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "deep":
        for _ in range(300):
            place = os.path.join(place, b"d")
            os.makedirs(place)
    elif kind == "many":
        os.mkdir(place)
        for number in range(MOST_MADE):
            os.mknod(os.path.join(place, b"%d.ipynb" % number))
    else:
        # Not to wait, should a pipe be there already.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK
        with open(os.open(place, flags), "wb") as file:
            file.write(content)
            if kind == "hole":
                file.truncate(2**40)
