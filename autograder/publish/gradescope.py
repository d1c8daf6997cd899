"""The archive that Gradescope makes an autograder of, with one lesson in it."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.authoring.build import imports_of, read_lessons
from autograder.authoring.data_files import data_files
from autograder.authoring.sources import update_sources
from autograder.base.errors import WrongUse
from autograder.base.files import extra_files
from autograder.base.paths import PACKAGE, ROOT
from autograder.base.source_code import imported_modules
from autograder.gradebook.release import earlier_file
from autograder.model.cells import BEGIN_HIDDEN, Role
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import INCLUDE
from autograder.publish.bundle import CODE, OLDEST, lock_for

SETTINGS, LOCK = "gradescope.json", "requirements.lock"
VISIBLE = ("visible", "after_due_date", "after_published", "hidden")
"""When Gradescope shows a test to students, in its own words."""
LARGE = "tensorflow"
SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as it builds the image; a network is needed.
set -euo pipefail
base="${AUTOGRADER_BASE:-/autograder}"
cd "$base/source"
if ! [ -x "$base/venv/bin/python" ]; then
    python=""
    for candidate in python3.13 python3.12 python3.11; do
        command -v "$candidate" >/dev/null && python="$candidate" && break
    done
    if [ -z "$python" ]; then
        apt-get update
        apt-get install -y python3.11
        python=python3.11
    fi
    "$python" -m venv "$base/venv" || {
        apt-get update
        apt-get install -y "$python-venv"
        "$python" -m venv "$base/venv"
    }
fi
"$base/venv/bin/python" -m pip install --require-hashes -r requirements.lock
packages="$("$base/venv/bin/python" -c \\
    'import sysconfig; print(sysconfig.get_path("purelib"))')"
rm -rf "$packages/autograder"
cp -R autograder "$packages/"
# Student code runs as another user; what is in here is for root alone.
chmod a+x "$base"
chmod -R go= "$base/source"
"$base/venv/bin/python" -P -m autograder doctor
"""
RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission.
base="${AUTOGRADER_BASE:-/autograder}"
cd "$base/source" || exit 1
mkdir -p "$base/results"
cp stopped.json "$base/results/results.json" # what counts if it comes to no end
# In here is what hidden tests said of earlier attempts: it is for root alone, too.
chmod go= "$base/results" "$base/submission_metadata.json"
# Its own limit is ten minutes, unless you have set another: end before it does.
timeout --kill-after=10 "${AUTOGRADER_SECONDS:-570}" \\
    "$base/venv/bin/python" -P -m autograder.export.gradescope "$base"
exit 0
"""

STOPPED = {
    "score": 0.0,
    "output": "Grading was stopped before it came to an end: it took too long, or more "
    "memory than there is. Run your notebook from the top: which cell takes long, or "
    "never ends? Then hand it in again.",
    "output_format": "text",
    "visibility": "visible",
    "stdout_visibility": "hidden",
    "tests": [],
}


def write_gradescope(path: Path, name: str, hidden_tests: str) -> list[str]:
    """Write the archive; the same sources give the same bytes.

    What was handed out before a lesson was corrected counts among them.

    Parameters
    ----------
    name
        The lesson.
    hidden_tests
        When students see what hidden tests found: one of `VISIBLE`.

    Returns
    -------
    What to set on Gradescope, for the instructor.

    Raises
    ------
    WrongUse
        Gradescope knows no such time to show tests.
    """
    if hidden_tests not in VISIBLE:
        raise WrongUse(
            f"found {hidden_tests} for hidden tests, expected {', '.join(VISIBLE)}."
        )
    (lesson,) = read_lessons([name])
    update_sources(names=[name])
    files = _files(lesson, hidden_tests)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, content in sorted(files.items()):
            entry = zipfile.ZipInfo(inner, OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whoever writes it
            mode = 0o755 if inner in ("setup.sh", "run_autograder") else 0o644
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    return list(_settings(lesson, files))


def _files(lesson: Lesson, hidden_tests: str) -> dict[str, bytes]:
    hidden = [
        cell.grade_id
        for cell in lesson.cells
        if cell.role is Role.TEST and BEGIN_HIDDEN in cell.source
    ]
    settings = {"lesson": lesson.name, "hidden": hidden, "visibility": hidden_tests}
    files = {
        "setup.sh": SETUP.encode(),
        "run_autograder": RUN.encode(),
        SETTINGS: json.dumps(settings, indent=1).encode(),
        "stopped.json": json.dumps(STOPPED, indent=1).encode(),
        LOCK: lock_for(imported_modules(imports_of(lesson))),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
    }
    for pattern in CODE:
        for file in PACKAGE.parent.glob(pattern):
            files[file.relative_to(PACKAGE.parent).as_posix()] = file.read_bytes()
    for name in INCLUDE.findall(lesson.path.read_text("utf-8")):
        files[name] = (ROOT / name).read_bytes()
    earlier = earlier_file(ROOT / "build" / "source", lesson.name)
    if earlier.exists():
        files[earlier.relative_to(ROOT).as_posix()] = earlier.read_bytes()
    for file in extra_files(lesson.path.parent):
        files[f"lessons/{lesson.name}/{file.name}"] = file.read_bytes()
    return files | {n: file.read_bytes() for n, file in data_files(lesson).items()}


def _settings(lesson: Lesson, files: dict[str, bytes]) -> Iterator[str]:
    points = {Role.TEST: 0.0, Role.WRITTEN: 0.0}
    for cell in lesson.cells:
        if cell.role in points:
            points[cell.role] += cell.points
    yield f"Autograder Points: {points[Role.TEST]:g}"
    if points[Role.WRITTEN]:
        yield (
            f"Manual Grading: enabled, a question of {points[Role.WRITTEN]:g} points "
            "for the written answers"
        )
    is_large = f"\n{LARGE}==".encode() in files[LOCK]
    needs = "2 CPU, 3.0 GB RAM" if is_large else "1 CPU, 1.5 GB RAM"
    yield f"Container Specifications: {needs} or more"
    yield "Base Image: Ubuntu 22.04 or newer (Python 3.11 to 3.13)"
