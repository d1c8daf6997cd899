"""Mutations: an example becomes another one, spoilt; the same of the same chance."""

import io
import json
import warnings
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random

LARGEST = 2**22
"""Bytes of a case: what is larger is cut off."""
LONGEST_NAME = 10_000
"""Letters of a name in an archive, which takes 65,535 bytes."""
MOST_STEPS = 6
SIZES = (
    0,
    1,
    2,
    7,
    63,
    255,
    4096,
    65535,
    2**31 - 1,
    2**32,
    2**63,
    10**30,
    -1,
    -(2**31),
)
WORDS = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\r\n",
    b"\x1b[2J",
    b"../" * 8,
    b"[" * 900,
    b'{"a":' * 900,
    b"1e999",
    b"NaN",
    b"\\ud800",
    b"=cmd|'/C calc'!A0",
    "\u202e".encode(),
    "é".encode("latin-1"),
)
MARKUP = (
    b"<script>document.title='INJECTED'</script>",
    b"<img src=x onerror=a()>",
    b"<svg onload=a()><style>",
    b"<math><mtext><table><mglyph><style><!--",
    b"<a href='java\tscript:a()'>",
    b"<iframe srcdoc='x'>",
    b"![p](attachment:",
    b"[x](javascript:a())",
    b"$$\\begin{a}",
    b"\\\\[",
    b"\\end{a}$$",
    b"```{=html}\n",
    b"| a | b |\n|--|--|\n",
    b"> " * 400,
    b"<b>" * 400,
    b"*_" * 400,
    b"((((" * 200,
    b"&#x6a;&#0;",
    b"<!--",
    b"]]>",
)
CODE = (
    b"\nimport os, sys\n",
    b"\nwhile True: pass\n",
    b"\nraise SystemExit\n",
    b"\nfrom IPython.display import *\n",
    b"\n%%bash\n",
    b"\n!ls /\n",
    b"\ndel add\n",
    b"\nadd = property(lambda s: s)\n",
    b"\nclass add:\n    __call__ = None\n",
    b"(" * 500,
    b'f"{' * 60,
    b"\n    " * 50,
    b"\x0c",
    b"'''",
    b"\ndef add(first, second):\n    return add\n",
    b"\nprint('x' * 10**7)\n",
    b"\nbytearray(2**32)\n",
    b"\n__import__('os').fork()\n",
)
Words = Sequence[bytes]


def of_bytes(chance: Random, example: bytes, words: Words = WORDS) -> bytes:
    """Spoil bytes, without a thought of what they mean."""
    spoilt = bytearray(example)
    for _ in range(chance.randint(1, MOST_STEPS)):
        at = chance.randint(0, len(spoilt))
        end = min(len(spoilt), at + int(chance.paretovariate(0.4)))
        match chance.randrange(7):
            case 0 if at < len(spoilt):
                spoilt[at] ^= 1 << chance.randrange(8)
            case 1:
                del spoilt[at:end]
            case 2:
                spoilt[at:at] = spoilt[at:end] * chance.choice((1, 2, 50, 3000))
            case 3:
                del spoilt[at:]
            case 4:
                spoilt[at:end] = chance.randbytes(chance.randint(0, 12))
            case _:
                times = chance.choice((1, 1, 1, 2, 100))
                spoilt[at:at] = chance.choice(words) * times
        del spoilt[LARGEST:]
    return bytes(spoilt)


def of_text(chance: Random, example: str, words: Words = WORDS) -> str:
    """Spoil text; what comes of it is text."""
    spoilt = of_bytes(chance, example.encode("utf-8", "replace"), words)
    how = chance.choice(("replace", "surrogateescape", "ignore"))
    return spoilt.decode("utf-8", how)


def of_structure(chance: Random, value: object, words: Words = WORDS) -> object:
    """Spoil one place of what JSON can say, and leave what is around it."""
    if isinstance(value, dict | list) and value and chance.random() < 0.9:
        place = chance.choice(
            list(value) if isinstance(value, dict) else range(len(value))
        )
        spoilt = value.copy()
        match chance.randrange(12):
            case 0:
                del spoilt[place]
            case 1 if isinstance(spoilt, list):
                spoilt *= chance.choice((2, 2, 30))
            case 1:
                spoilt[of_text(chance, str(place), words)] = spoilt.pop(place)
            case 2:
                other = chance.choice(
                    list(spoilt) if isinstance(spoilt, dict) else spoilt
                )
                spoilt[place] = other
            case 3:
                spoilt[place] = _nested(chance, spoilt[place])
            case _:
                spoilt[place] = of_structure(chance, spoilt[place], words)
        return spoilt
    if isinstance(value, str) and chance.random() < 0.7:
        return of_text(chance, value, words)
    others = ("", [], {}, None, True, 1.5, [[]], {"": []}, "text", *SIZES)
    return chance.choice(others)


def as_json(value: object) -> bytes:
    """Return JSON of a value; of what is too deep for that, JSON deeper than any."""
    try:
        return json.dumps(value).encode()
    except RecursionError:
        return b"[" * 10_000 + b"]" * 10_000


def _nested(chance: Random, value: object) -> object:
    for _ in range(chance.choice((1, 20, 200, 900))):
        value = [value] if chance.random() < 0.5 else {"data": value}
    return value


def of_json(
    chance: Random, example: bytes, words: Words = WORDS, steps: int = MOST_STEPS
) -> bytes:
    """Spoil JSON, mostly so that it is JSON still."""
    with suppress(ValueError, RecursionError):
        value = json.loads(example)
        for _ in range(chance.randint(1, steps)):
            value = of_structure(chance, value, words)
        example = as_json(value)[:LARGEST]
    return of_bytes(chance, example, words) if chance.random() < 0.1 else example


def of_archive(
    chance: Random,
    example: bytes,
    name_of: Callable[[Random, str], str],
    content_of: Callable[[Random, bytes], bytes],
) -> bytes:
    """Spoil a zip archive: names and contents in it, and now and then its bytes."""
    with zipfile.ZipFile(io.BytesIO(example)) as archive:
        files = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    for _ in range(chance.randint(1, MOST_STEPS)):
        at = chance.randrange(len(files))
        name, content = files[at]
        if chance.random() < 0.6:
            name = name_of(chance, name)
        else:
            content = content_of(chance, content)
        files[at if chance.random() < 0.6 else len(files) :] = [(name, content)]
    held = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore"),  # of two in one name
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in files:
            entry = zipfile.ZipInfo(name.replace("\0", "")[:LONGEST_NAME] or "x")
            entry.date_time = (chance.randint(1980, 2107), 13, 1, 1, 1, 1)
            if chance.random() < 0.9:
                entry.date_time = (2026, 3, chance.randint(1, 28), 12, 0, 0)
            kinds = (0o100644, 0o120777, 0o040755, 0o010644)
            entry.external_attr = chance.choices(kinds, (30, 1, 1, 1))[0] << 16
            with suppress(ValueError, UnicodeEncodeError):
                archive.writestr(entry, content)
    packed = held.getvalue()
    return of_bytes(chance, packed) if chance.random() < 0.25 else packed
