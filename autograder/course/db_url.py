"""Gradebook URLs: checked before use, and named without their password."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from autograder.base.errors import WrongUse

EXPECTED = "postgresql://USER@HOST:PORT/DATABASE or sqlite:////FOLDER/gradebook.db"
FILE = "sqlite:///"
DRIVER = "postgresql+psycopg"
"""SQLAlchemy's word for PostgreSQL through psycopg, whatever its default is."""


def checked(url: str) -> str:
    """Return a gradebook's address as SQLAlchemy takes it.

    Raises
    ------
    WrongUse
        It is of no kind that we know, or a driver would take part of its password
        for a host and repeat it in messages. The message has no part of the address
        but its kind.
    """
    kind = url.partition(":")[0]
    if kind.startswith("sqlite"):
        return url
    if kind.partition("+")[0] not in ("postgresql", "postgres"):
        kinds = ("sqlite", "postgresql")
        found = kind if kind.isalnum() and kind != url else "no kind of database"
        raise WrongUse(
            f"the gradebook's address: found {found}, expected one of "
            f"{' and '.join(kinds)}: {EXPECTED}."
        )
    parts = urlsplit(url)
    try:
        _ = parts.port
        is_plain = "@" not in f"{parts.path}{parts.query}{parts.fragment}"
        is_plain = is_plain and parts.netloc.count("@") <= 1
    except ValueError:
        is_plain = False
    if not is_plain or not url.startswith(f"{kind}://"):
        raise WrongUse(
            f"the gradebook's address: found one that cannot be read, expected "
            f"{EXPECTED}; in a password write @ as %40, / as %2F, : as %3A, # as %23 "
            "and ? as %3F, or leave it out and keep it in ~/.pgpass."
        )
    return f"{kind if '+' in kind else DRIVER}{url.removeprefix(kind)}"


def in_folder(url: str, folder: Path) -> str:
    """Return the address that a course's settings mean, which are read in its folder.

    Raises
    ------
    WrongUse
        The folder that the gradebook is to lie in does not exist.
    """
    if not url.startswith(FILE):
        return url
    name, mark, options = url.removeprefix(FILE).partition("?")
    path = folder / name
    if name and not path.parent.is_dir():
        raise WrongUse(
            f"CourseDirectory.db_url: found {path}, of which the folder does not exist "
            "here, expected one that does; make it, change the setting, or take it out "
            "and name another gradebook with --db."
        )
    return f"{FILE}{path}{mark}{options}" if name else url


def named(url: str) -> str:
    """Return a gradebook's place for people, and to tell it from others."""
    if url.startswith("sqlite"):
        return url.partition("///")[2]
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = (
        parts.hostname or query.get("host", query.get("service", ["this machine"]))[0]
    )
    port = f":{parts.port}" if parts.port else ""
    return f"PostgreSQL database {parts.path.strip('/') or '(default)'} on {host}{port}"


def without_password(text: str, url: str) -> str:
    """Return a driver's message with nothing in it that opens the gradebook."""
    parts = urlsplit(url)
    secrets = {parts.password or "", *parse_qs(parts.query).get("password", [])}
    for secret in secrets | {unquote(secret) for secret in secrets}:
        text = text.replace(secret, "***") if secret else text
    return text
