"""Given texts: what the notebooks of a lesson say when students get them."""

import json
from functools import lru_cache
from pathlib import Path

from traitlets.config import Config

from autograder.base.source_code import words_of


def given_texts(config: Config, root: Path, folder: Path) -> frozenset[str]:
    """Return the words of each cell that is handed out with a lesson.

    The cells of nbgrader's header and footer are among them.

    Parameters
    ----------
    root
        The folder that nbgrader's settings are relative to.
    folder
        The lesson's source.
    """
    around = config.get("IncludeHeaderFooter", {})
    parts = [root / str(around[p]) for p in ("header", "footer") if around.get(p)]
    paths = [*sorted(folder.glob("*.ipynb")), *parts]
    found = [_texts(p, p.stat().st_mtime_ns) for p in paths if p.is_file()]
    return frozenset().union(*found)


@lru_cache(maxsize=64)
def _texts(path: Path, _changed_ns: int) -> frozenset[str]:
    cells = json.loads(path.read_bytes())["cells"]
    return frozenset(words_of("".join(cell["source"])) for cell in cells)
