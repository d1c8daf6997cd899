"""The terminal: what commands print, and how."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.segment import Segment

from autograder.base.names import harmless


class Terminal(Console):
    """A console on which no text steers the terminal, whoever wrote it."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render as Rich does; only its own styles and controls reach the terminal."""
        for part in super().render(renderable, options):
            yield part if part.control else part._replace(text=harmless(part.text))


out, err = Terminal(), Terminal(stderr=True)


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
    """Print text of any origin: no markup in it counts."""
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
