"""Steps that nbgrader loads by name, for its own autograde."""

import atexit
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import autograde
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.base.files import by_name
from autograder.base.source_code import import_statements, modules_to_load
from autograder.course.course import own_course
from autograder.course.settings import NEEDED
from autograder.gradebook.registration import reference_cells
from autograder.gradebook.release import with_earlier
from autograder.grading.cell_choice import left_out
from autograder.intake.handed_in import cleaned, put_back
from autograder.intake.notebook_reader import notebook_from
from autograder.intake.prepare import put_right
from autograder.model.held_names import held_names
from autograder.model.needed_cells import given_cells, needed_modules
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits


class RepairStep(NbGraderPreprocessor):
    """The repair of submitted notebooks as a step of nbgrader's own `autograde`."""

    def preprocess(
        self, nb: NotebookNode, resources: dict
    ) -> tuple[NotebookNode, dict]:
        """Put the submitted notebook right; say in the log what was done."""
        names, rooms = resources["nbgrader"], self.parent.parent.coursedir
        lesson = names["assignment"]
        with autograde.Gradebook(names["db_url"]) as gradebook:
            known = reference_cells(gradebook, lesson, names["notebook"])
        course = own_course(root=Path(rooms.root))
        known = with_earlier(course, lesson, names["notebook"], known)
        read = notebook_from(nb, names["notebook"])
        repaired = put_right(course, lesson, names["student"], read, known)
        for found in repaired.repairs + repaired.tampering:
            self.log.warning("%s: %s", names["student"], found)
        outputs = cleaned(repaired.handed_in, NotebookLimits().output_kib)
        for cell in repaired.notebook.cells:
            if cell.id in outputs:
                cell.outputs = outputs[cell.id]  # for the next step
        return repaired.notebook, resources


class SealedExecute(NbGraderPreprocessor):
    """Stands in the place of nbgrader's execution: runs notebooks sealed."""

    def preprocess(
        self, nb: NotebookNode, resources: dict
    ) -> tuple[NotebookNode, dict]:
        """Return the executed notebook."""
        rooms, names = self.parent.parent.coursedir, resources["nbgrader"]
        source = rooms.format_path(rooms.source_directory, ".", names["assignment"])
        reference = Path(source) / f"{names['notebook']}.ipynb"
        beside = Path(resources["metadata"]["path"])
        imports = import_statements(reference)
        course = own_course(root=Path(rooms.root))
        solved = nbformat.read(reference, as_version=4)
        given, modules = None, modules_to_load(imports)
        if course.cells == NEEDED:
            given, modules = given_cells(solved), needed_modules(solved)
        engine = _engine(modules)
        job = Job(
            nb,
            imports,
            by_name(beside),
            left_out=left_out(nb, given),
            held=held_names(solved),
        )
        executed = engine.run(job).notebook
        handed_in = {c.id: c.outputs for c in nb.cells if c.get("outputs")}
        put_back(executed, handed_in, NotebookLimits().output_kib)
        return executed, resources


_running: dict[frozenset[str], Engine] = {}


def _engine(modules: set[str]) -> Engine:
    """Return an engine that has these modules loaded; it ends with the program."""
    wanted = frozenset(modules)
    if wanted not in _running:
        for engine in list(_running.values()):
            engine.__exit__(None, None, None)
        _running.clear()
        engine = Engine(sorted(wanted), NotebookLimits()).__enter__()
        _running[wanted] = engine
        atexit.register(lambda: engine is _running.get(wanted) and engine.__exit__())
    return _running[wanted]
