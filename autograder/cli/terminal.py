"""The terminal: what commands print, and how."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

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
REFRESHES_PER_S = 2
"""Of a bar; each takes milliseconds from what it shows."""


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
        refresh_per_second=REFRESHES_PER_S,
    )


def say(text: str, style: str | None = None) -> None:
    """Print text of any origin: no markup in it counts."""
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def heard_at_once(done: Callable[[], str]) -> Iterator[None]:
    """Answer the first Ctrl-C before the block ends, which may take seconds.

    Parameters
    ----------
    done
        Returns what to say when it has ended: what was done, and how to go on.
    """
    if current_thread() is not main_thread():
        yield
        return

    def stop(*_: object) -> None:
        signal.signal(signal.SIGINT, before)
        err.print("stopping: what runs is ended first; Ctrl-C again ends at once")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    except KeyboardInterrupt:
        err.print(done(), soft_wrap=True)
        raise
    finally:
        signal.signal(signal.SIGINT, before)
