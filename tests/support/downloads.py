"""Downloads of a learning platform, made up, and what became of them."""

import io
import json
import zipfile

from autograder.intake.collect import Collector

OTHER = "11_other"


def pack(path, files, date=(2026, 3, 1, 12, 0, 0)):
    """Write a zip archive of (name, content) pairs; return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date) if type(name) is str else name
            entry.compress_type = entry.compress_type or zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def packed(files):
    """Return the bytes of a zip archive of (name, content) pairs."""
    held = io.BytesIO()
    return pack(held, files).getvalue()


def collect(course, *downloads, **options):
    """Collect downloads into a class; return the report."""
    return Collector(course, **options).run(downloads)


def answers(course):
    """Return the last cell of each submission, by student and lesson."""
    found = {}
    for path in sorted((course.results / "submitted").glob("*/*/*.ipynb")):
        assert path.stem == path.parent.name
        last = json.loads(path.read_bytes())["cells"][-1]
        found[path.parent.parent.name, path.stem] = last["source"]
    return found
