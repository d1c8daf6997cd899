"""Exporting once: a notebook becomes text without copies, cells that are known at once.

Most cells of a class are the lesson's, and the same in all that is handed in.
"""

from contextlib import suppress
from json import JSONEncoder

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode, ValidationError
from nbformat.v4 import nbformat_minor
from nbformat.v4.rwbase import split_lines, strip_transient

from autograder.base.indented_json import INDENT, indented

MOST_KEPT, LONGEST_KEPT = 500, 20_000
"""Cells of a lesson whose text is kept, and characters of each of them."""
ENTRY, ITEM = "\n" + INDENT, "\n" + 2 * INDENT
"""What lines of a notebook's entries begin with, and those of its cells."""
_compact = JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class ExportOnce(NotebookExporter):
    """Exports a notebook that nobody needs afterwards.

    nbconvert copies a notebook four times on its way, and validates it twice. Here a
    cell that was found valid before is neither validated nor written again.
    """

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)
        self._texts: dict[str, str] = {}
        """What is written of cells that are valid, by what each is known by."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **_: object
    ) -> tuple[str, dict]:
        """Return the text of a notebook, which the steps may change."""
        resources = self._init_resources(resources)
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        if self.nbformat_version == nb.nbformat == nbformat.v4.nbformat:
            return self._text(nb) + "\n", resources
        self._validate_preprocessor(nb, "the last")
        version = self.nbformat_version
        text = nbformat.versions[version].writes_json(nbformat.convert(nb, version))
        return text if text.endswith("\n") else text + "\n", resources

    def _text(self, nb: NotebookNode) -> str:
        """Validate a notebook, and return it as nbformat writes it."""
        keys = _keys(nb)
        texts = [self._texts.get(key, "") for key in keys]
        fresh = [c for c, text in zip(nb.cells, texts, strict=True) if not text]
        self._expect_valid(nb, fresh)
        only_fresh = NotebookNode(metadata=nb.metadata, cells=fresh)
        strip_transient(split_lines(only_fresh))
        for place, cell in enumerate(nb.cells):
            if not texts[place]:
                texts[place] = indented(cell, ITEM)
                self._keep(keys[place], texts[place])
        cells = f"[{ITEM}{f',{ITEM}'.join(texts)}{ENTRY}]" if texts else "[]"
        entries = [
            f"{indented(name)}: "
            f"{cells if name == 'cells' else indented(nb[name], ENTRY)}"
            for name in sorted(nb)
        ]
        return f"{{{ENTRY}{f',{ENTRY}'.join(entries)}\n}}"

    def _keep(self, key: str, text: str) -> None:
        if 0 < len(key) < LONGEST_KEPT and len(self._texts) < MOST_KEPT:
            self._texts[key] = text

    def _expect_valid(self, nb: NotebookNode, fresh: list[NotebookNode]) -> None:
        """Validate the cells of a notebook that are not known to be valid."""
        if len(fresh) < len(nb.cells):
            with suppress(ValidationError):
                nbformat.validate(NotebookNode(nb, cells=fresh), relax_add_props=True)
                return
        self._validate_preprocessor(nb, "the last")  # which tells the place, too


def _keys(nb: NotebookNode) -> list[str]:
    """Return what each cell is known by; nothing of those that may differ beyond it.

    What is odd about a notebook, nbformat finds where it validates all of it.
    """
    unknown = [""] * len(nb.cells)
    try:
        names = {cell["id"] for cell in nb.cells}
        if len(names) < len(nb.cells) or nb.nbformat_minor != nbformat_minor:
            return unknown
        return ["" if cell.get("outputs") else _compact(cell) for cell in nb.cells]
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return unknown
