"""Pictures: which bytes are one that a page may show, whatever they are called."""

import base64
import binascii

KINDS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
}
"""How each begins. No other kind is shown: a drawing in SVG may hold scripts."""


def kind_of(content: bytes) -> str | None:
    """Return the kind of a picture, by its content; None of what is no picture."""
    fits = (kind for kind, begin in KINDS.items() if content.startswith(begin))
    return next(fits, None)


def decoded(text: str) -> bytes:
    """Return what base64 stands for; nothing of what is no base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def encoded(content: bytes) -> str:
    """Return base64 without ends of lines."""
    return base64.b64encode(content).decode()
