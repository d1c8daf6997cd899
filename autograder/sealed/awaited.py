"""Loads what the lessons import, as soon as the grader has said what that is.

Imported in the template only: after what every notebook needs, which loads while the
grader still looks what there is to grade. See `template`.
"""

import contextlib
import importlib
import json
import os


def load_what_is_told() -> None:
    """Wait for a list of modules on standard input, and import them.

    Nothing comes where nothing is to be graded, or the grader has ended: then nobody
    needs this process.
    """
    with open(0, encoding="utf-8", closefd=False) as told:
        text = told.read()
    if not text:
        os._exit(0)
    for name in json.loads(text):
        with contextlib.suppress(ImportError):  # then its lesson says so
            importlib.import_module(name)


load_what_is_told()
