"""How much one notebook may use while it is graded."""

from dataclasses import dataclass

MOST_MESSAGE = 600
"""Characters of the message that a failed test has in results and feedback."""
MOST_PATIENCE = 10
"""How many times as long as its limits by the clock a cell or a notebook may take when
it had to wait for a core: a submission beside it must not cost it marks."""
LEFT_OUT = "left out"
"""The status of a cell that did not run, since no mark depends on it."""


CELLS = 15
"""How many cells of a notebook may take as long as one may."""


@dataclass(frozen=True)
class NotebookLimits:
    """Limits of one notebook; CPU seconds decide, the clock only catches sleepers."""

    cell_cpu_s: float = 10.0
    """Computing time of one cell, in seconds."""
    notebook_cpu_s: float = 150.0
    """Computing time of all cells together, in seconds."""
    cell_wall_s: float = 60.0
    """Longest that a cell may take by the clock, in seconds; see `MOST_PATIENCE`."""
    notebook_wall_s: float = 900.0
    """Longest that a notebook may take by the clock, in seconds."""
    memory_mib: int = 3_000
    """Memory of the student's processes and of their files together, in MiB."""
    processes: int = 64
    open_files: int = 512
    file_size_mib: int = 64
    """Largest file that may be written, in MiB."""
    scratch_mib: int = 512
    """All files of the notebook together, in MiB of memory."""
    output_kib: int = 256
    """Text that one cell may print, in KiB; displays may have 16 times as much."""

    @classmethod
    def of_a_cell(cls, seconds: float) -> "NotebookLimits":
        """Return limits where a cell may compute so long; the others fit to that."""
        wall = max(cls.cell_wall_s, seconds)
        return cls(
            cell_cpu_s=seconds,
            notebook_cpu_s=max(cls.notebook_cpu_s, CELLS * seconds),
            cell_wall_s=wall,
            notebook_wall_s=max(cls.notebook_wall_s, CELLS * wall),
        )
