"""Jobs: one notebook to execute, and what came of it; both can be told in JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode


@dataclass(frozen=True)
class Job:
    """One notebook to execute."""

    notebook: NotebookNode
    """Repaired: every test cell with its hidden tests."""
    imports: str
    """The lesson's import statements, for the tests."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """What lies beside the notebook, by relative path; copied, never shared."""
    data: Mapping[str, str] = field(default_factory=dict)
    """Folders that it may read, by their names from the course's root."""
    shared: Collection[str] = ()
    """Names of the test cells that run among the student's variables; all others run
    in the examiner."""
    left_out: Mapping[int, str] = field(default_factory=dict)
    """Positions of cells that do not run, each with its beginning if that runs all the
    same; see `needed_cells`."""
    held: Mapping[str, list[str]] = field(default_factory=dict)
    """What tests get as locked cells define it, by the names of these cells; see
    `held_names`."""
    figures: Path | None = None
    """Pictures that need not be drawn again; see `student.figure_cache`."""
    kernel: Mapping[str, object] | None = None
    """A Jupyter kernel that runs the cells, if not this Python: its name, language,
    argv and env."""
    records: bool = False
    """Whether to return the pictures that were drawn; for solutions only."""
    ignored: str = ""
    """A pattern of what shared tests may write to standard error; none if empty."""

    def to_json(self) -> dict[str, object]:
        """Return what JSON can hold of it: all but the paths on this machine.

        Of files it has the names; their contents travel as the sender likes.
        """
        return {
            "notebook": self.notebook,
            "imports": self.imports,
            "files": list(self.files),
            "data": dict(self.data),
            "shared": sorted(self.shared),
            "left_out": {str(place): begun for place, begun in self.left_out.items()},
            "held": dict(self.held),
            "kernel": self.kernel,
            "records": self.records,
            "ignored": self.ignored,
        }

    @classmethod
    def from_json(
        cls, found: Mapping, files: Sequence[Path] = (), figures: Path | None = None
    ) -> Job:
        """Make it of what `to_json` returned.

        Parameters
        ----------
        files
            Where the files lie on this machine, in the order of their names.
        figures
            Where the pictures that need not be drawn again lie on it, if there are any.
        """
        return cls(
            nbformat.from_dict(found["notebook"]),
            found["imports"],
            dict(zip(found["files"], files, strict=True)),
            found["data"],
            frozenset(found["shared"]),
            {int(place): begun for place, begun in found["left_out"].items()},
            found["held"],
            figures,
            found["kernel"],
            found["records"],
            found["ignored"],
        )


@dataclass
class Executed:
    """One executed notebook."""

    notebook: NotebookNode
    cells: list[dict]
    """One entry a test cell: grade_id, points, max_points, status, message."""
    sandbox: list[str]
    """Layers that were active around the student's process."""
    pictures: dict[str, str] = field(default_factory=dict)
    """Pictures by fingerprint, if they were recorded."""
    slowest: list[dict] = field(default_factory=list)
    """The cells that took longest by the clock: cell, seconds."""

    def cell(self, grade_id: str) -> NotebookNode:
        """Return the cell of this name."""
        return next(
            cell
            for cell in self.notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
        )

    def to_json(self) -> str:
        """Return all of it as text."""
        return json.dumps(vars(self))

    @classmethod
    def from_json(cls, text: str) -> Executed:
        """Make it of what `to_json` returned."""
        content = json.loads(text)
        return cls(**content | {"notebook": nbformat.from_dict(content["notebook"])})
