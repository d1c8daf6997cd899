"""A message is plain bytes, and what a student named is no path in it."""

import nbformat

from autograder.cluster.messages import Settings, pack, unpack
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits

LIMITS = NotebookLimits(cell_cpu_s=1, cell_wall_s=4)


def test_a_message_is_bytes_and_a_students_file_names_no_path(tmp_path):
    (tmp_path / "worker").mkdir()
    for name, content in {"a": "data", "b": "more", "figures": "{}"}.items():
        (tmp_path / name).write_text(content)
    job = Job(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", id="one")]),
        "import numpy",
        {"data/a.csv": tmp_path / "a", "../../b": tmp_path / "b"},
        shared={"test_one"},
        figures=tmp_path / "figures",
        kernel={"name": "ir", "language": "R", "argv": ["R"], "env": {}},
    )
    settings = Settings(("numpy",), LIMITS)
    header, paths = pack(job, settings)
    contents = [path.read_bytes() for path in paths]
    assert {type(part) for part in [header, *contents]} == {bytes}
    found, found_settings = unpack(header, contents, tmp_path / "worker")
    assert found_settings == settings
    assert (found.notebook, found.imports) == (job.notebook, job.imports)
    assert (found.shared, found.kernel) == (job.shared, job.kernel)
    assert {n: p.read_text() for n, p in found.files.items()} == {
        "data/a.csv": "data",
        "../../b": "more",
    }
    assert found.figures.read_text() == "{}"
    written = [*found.files.values(), found.figures]
    assert {path.parent for path in written} == {tmp_path / "worker"}
