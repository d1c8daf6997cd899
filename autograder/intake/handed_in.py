"""Outputs as they were handed in: for cells that are not run again."""

from collections.abc import Mapping

import nbformat
from nbformat import NotebookNode

from autograder.sealed.examiner.outputs import Outputs, Room

KEPT = "left_out"
"""In a cell's `metadata.autograder`: it was not run, its outputs are the student's."""
NOTE = {
    "output_type": "display_data",
    "data": {"text/plain": "[as handed in: no mark depends on this cell]"},
    "metadata": {},
}
"""Stands before such outputs, for whoever looks at the notebook itself."""


def put_back(
    executed: NotebookNode, handed_in: Mapping[str, list], output_kib: int
) -> None:
    """Give cells that were left out the outputs that came with the submission.

    Parameters
    ----------
    executed
        Changed in place.
    handed_in
        Outputs by cell id, as `Repaired` has them.
    output_kib
        The limit of one cell; that of the notebook follows from it.
    """
    cells = {cell.id: cell for cell in executed.cells if is_left_out(cell)}
    wanted = {name: outputs for name, outputs in handed_in.items() if name in cells}
    for name, outputs in cleaned(wanted, output_kib).items():
        cells[name].outputs = [nbformat.from_dict(NOTE), *outputs] if outputs else []


def cleaned(handed_in: Mapping[str, list], output_kib: int) -> dict[str, list]:
    """Return outputs as a notebook may hold them.

    They are as hostile as what a cell prints: rid of what no notebook holds and limited
    in the same way, all of a notebook's together too.
    """
    room, displays = Room.of_a_notebook(output_kib * 1024), {}
    found = {}
    for name, handed in handed_in.items():
        outputs = Outputs(output_kib * 1024, displays, room)
        for output in handed:
            outputs.add(_whole(output))
        found[name] = outputs.found
    return {name: [nbformat.from_dict(o) for o in own] for name, own in found.items()}


def is_left_out(cell: NotebookNode) -> bool:
    """Whether a cell was not run, since no mark depends on it."""
    return bool(cell["metadata"].get("autograder", {}).get(KEPT))


def outputs_of(cell: NotebookNode) -> list[NotebookNode]:
    """Return a cell's outputs, without the note before those that were handed in."""
    outputs = cell.get("outputs", [])
    return outputs[1:] if is_left_out(cell) else outputs


def _whole(output: object) -> object:
    """Join the lines that a notebook's file may split a stream's text into."""
    if not isinstance(output, dict) or not isinstance(output.get("text"), list):
        return output
    return output | {"text": "".join(map(str, output["text"]))}
