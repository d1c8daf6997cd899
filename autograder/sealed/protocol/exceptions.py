"""Exceptions and warnings of student code as data, and back as builtin exceptions.

A description names the classes of an exception. The trusted side raises the first of
them that is a builtin exception (or a warning of a library that it has imported), never
one that Python's own control flow reacts to: `StopIteration` could end a loop of a test
early, `SystemExit` or `GeneratorExit` could end the test.
"""

from __future__ import annotations

import builtins
import os
import sys
import traceback
import warnings

from autograder.sealed.protocol.decoder import expect, expect_items
from autograder.sealed.protocol.wire import MessageLimits

_CONTROL_FLOW = (StopIteration, StopAsyncIteration)
_MAX_CLASSES = 100
_MAX_ARGUMENTS = 8
_MAX_NAME = 300
_SMALL = 2**62
_SEALED = os.path.dirname(os.path.dirname(__file__)) + os.sep


def describe(error: BaseException, limits: MessageLimits) -> dict:
    """Return what the other side may know of an exception, ready for JSON."""
    return {
        "classes": class_names(type(error)),
        "text": _text(error)[: limits.text],
        "args": _plain_arguments(error, limits),
    }


def describe_with_traceback(error: BaseException, limits: MessageLimits) -> dict:
    """Describe an exception of student code, with the lines where it happened."""
    return {**describe(error, limits), "traceback": _student_frames(error, limits)}


def class_names(kind: type) -> list[str]:
    """Return the full names of a class and its bases, in method resolution order."""
    names = [f"{base.__module__}.{base.__qualname__}" for base in kind.__mro__]
    return names[:_MAX_CLASSES]


def rebuild(description: object, limits: MessageLimits) -> Exception:
    """Return the exception that stands for a description.

    Raises
    ------
    Garbled
        This is no description of an exception.
    """
    fields = expect(description, dict)
    names = [expect(name, str) for name in expect(fields.get("classes"), list)]
    text = expect(fields.get("text"), str)[: limits.text]
    error = _construct(names[:_MAX_CLASSES], text, fields.get("args"))
    lines = fields.get("traceback")
    if lines:
        error.student_traceback = expect(lines, str)[: limits.text]
        error.add_note(f"In the notebook's code:\n{error.student_traceback}")
    return error


def find_class(name: str) -> type | None:
    """Return the class of this full name from the modules imported on this side."""
    parts = name[:_MAX_NAME].split(".")
    for end in range(len(parts) - 1, 0, -1):
        found: object = sys.modules.get(".".join(parts[:end]))
        if found is None:
            continue
        for part in parts[end:]:
            found = vars(found).get(part) if hasattr(found, "__dict__") else None
        return found if isinstance(found, type) else None
    return None


def reissue(found: object, limits: MessageLimits) -> None:
    """Warn again, on this side, of what student code has warned of.

    Raises
    ------
    Garbled
        These are no warnings.
    """
    for entry in expect(found, list):
        names, text, line = expect_items(entry, 3)
        kinds = [find_class(expect(name, str)) for name in expect(names, list)]
        category = next((kind for kind in kinds if _is_warning(kind)), UserWarning)
        warnings.warn_explicit(
            expect(text, str)[: limits.text],
            category,
            # Not the name of a file: the warning would be shown with a line of it,
            # and the student could choose which line of this side to see.
            "<notebook>",
            min(max(expect(line, int), 1), 10**6),
        )


def _construct(names: list[str], text: str, arguments: object) -> Exception:
    kinds = [find_class(name) for name in names]
    exceptions = [kind for kind in kinds if _is_exception(kind)]
    if not exceptions or any(issubclass(kind, _CONTROL_FLOW) for kind in exceptions):
        name = names[0].removeprefix("builtins.") if names else "nothing"
        return RuntimeError(f"the notebook's code raised {name[:200]}: {text}")
    if exceptions[0] is kinds[0] and _are_plain(arguments):
        try:
            return exceptions[0](*arguments)
        except Exception:  # noqa: S110 - its constructor wants something else
            pass
    for kind in exceptions:
        try:
            return kind(text)
        except TypeError:
            continue
    return RuntimeError(text)


def _is_exception(kind: type | None) -> bool:
    if kind is None or not issubclass(kind, Exception):
        return False
    return getattr(builtins, kind.__name__, None) is kind or issubclass(kind, Warning)


def _is_warning(kind: type | None) -> bool:
    return kind is not None and issubclass(kind, Warning)


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # student classes may do anything here
        return "(its message cannot be shown)"
    return text.encode("utf-8", "backslashreplace").decode()


def _are_plain(arguments: object) -> bool:
    return type(arguments) is list and all(
        type(item) in (str, int, float, bool, type(None)) for item in arguments
    )


def _plain_arguments(error: BaseException, limits: MessageLimits) -> list | None:
    arguments = list(error.args[:_MAX_ARGUMENTS])
    if len(error.args) > _MAX_ARGUMENTS or not _are_plain(arguments):
        return None
    texts = [item for item in arguments if type(item) is str]
    if sum(map(len, texts)) > limits.text or not all(map(_is_clean, texts)):
        return None
    integers = [item for item in arguments if type(item) is int]
    return arguments if all(abs(item) < _SMALL for item in integers) else None


def _is_clean(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _student_frames(error: BaseException, limits: MessageLimits) -> str:
    """Format a traceback without the frames of this package."""
    try:
        summary = traceback.TracebackException.from_exception(error)
        part: traceback.TracebackException | None = summary
        while part is not None:
            frames = [frame for frame in part.stack if not _is_ours(frame.filename)]
            part.stack = traceback.StackSummary.from_list(frames)
            part = part.__cause__ or part.__context__
        text = "".join(summary.format())
    except Exception:  # student classes may do anything while they are printed
        return ""
    text = text.encode("utf-8", "backslashreplace").decode().rstrip()
    if len(text) > limits.text:
        half = limits.text // 2 - 10
        text = f"{text[:half]}\n  [...]\n{text[-half:]}"
    return text


def _is_ours(filename: str) -> bool:
    return filename.startswith(_SEALED)
