"""The terminal: what commands print, and how."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

out, err = Console(), Console(stderr=True)


def progress_bar(count: ProgressColumn | None = None) -> Progress:
    """Return a bar on standard error; `count` says how far it is, if not in pieces."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        count or MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=err,
    )


def say(text: str, style: str | None = None) -> None:
    """Print text of any origin: no markup, nothing that steers a terminal."""
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    out.print(plain, style=style, markup=False, highlight=False, soft_wrap=True)
