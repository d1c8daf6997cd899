"""Sections: a page whose parts are measured by themselves, each in its own run."""

from pathlib import Path


def put(path: Path, title: str, heading: str, lines: list[str]) -> None:
    """Write one section of a page; the others stay as they are.

    Sections go by their headings, numbers before words.
    """
    text = path.read_text("utf-8") if path.exists() else title
    _, *parts = text.split("\n## ")
    found = dict(part.split("\n", 1) for part in parts)
    found[heading] = "\n" + "\n".join(lines) + "\n"
    ordered = sorted(found.items(), key=lambda section: _place(section[0]))
    whole = [title, *(f"## {name}\n{body.rstrip()}\n" for name, body in ordered)]
    path.write_text("\n".join(whole), "utf-8")


def _place(heading: str) -> tuple[float, str]:
    number = heading.split()[0].replace(",", "")
    return (int(number) if number.isdigit() else float("inf"), heading)
