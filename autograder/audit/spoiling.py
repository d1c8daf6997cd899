"""Automatic spoilers: right answers whose results are spoilt in whole or in part.

What a careless comparison lets pass: an array without elements equals what is
broadcast to it, numbers can be written as text, a mean says nothing of what it is the
mean of, a sum of a table passes over what is missing, and an example may have one row.
"""

import ast
from textwrap import indent

from autograder.audit.mutation import Mutant
from autograder.base.source_code import tree_of

SPOILERS = {
    "returns nothing in its results": """\
if isinstance(value, np.ndarray) and value.size:
    return np.empty((0, *value.shape))
if isinstance(value, (list, dict, set, str)) and value:
    return type(value)()
if hasattr(value, "iloc") and len(value):
    return value.iloc[:0]
""",
    "returns texts in place of numbers": """\
if isinstance(value, np.ndarray) and value.dtype.kind in "iufc" and value.size:
    return value.astype(str)
if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
    return str(value)
""",
    "returns one number everywhere": """\
if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
    return np.full(value.shape, value.mean()) if np.ptp(value) > 0 else value
if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
    first = seen.setdefault("first", value)
    return value if first == value else first
""",
    "misses its last number": """\
if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size:
    found = value.copy()
    found.flat[-1] = np.nan
    return found
if isinstance(value, (float, np.floating)):
    return type(value)("nan")
if hasattr(value, "iloc") and len(value):
    found = value.copy()
    last = found if found.ndim == 1 else found.iloc[:, -1]
    if last.dtype.kind == "f":
        found.iloc[(-1,) * found.ndim] = np.nan
        return found
""",
    "is right in its first row alone": """\
has_numbers = isinstance(value, np.ndarray) and value.dtype.kind in "iuf"
if has_numbers and value.shape[:1] > (1,):
    found = value.copy()
    found[1:] += 1
    return found
if hasattr(value, "iloc") and len(value) > 1:
    return value.iloc[[0] * len(value)].set_axis(value.index)
""",
    "cuts its numbers off to whole ones": """\
if isinstance(value, np.ndarray) and value.dtype.kind == "f":
    return value.astype(int)
if isinstance(value, (float, np.floating)):
    return int(value)
""",
    "keeps three digits": """\
if isinstance(value, np.ndarray) and value.dtype.kind == "f":
    return value.astype(np.float16)
if isinstance(value, (float, np.floating)):
    return np.float16(value)
""",
}
"""What to do to a value, by what that is called in reports."""
_CODE = """

def _spoiling(right):
    import functools

    import numpy as np

    seen = {{}}

    def spoilt(value):
        if isinstance(value, tuple):
            parts = [spoilt(part) for part in value]
            same = all(a is b for a, b in zip(parts, value, strict=True))
            return value if same else tuple(parts)
{spoil}
        return value

    @functools.wraps(right)
    def answer(*args, **kwargs):
        result = right(*args, **kwargs)
        found = spoilt(result)
{then}
        return found

    return answer


{path} = _spoiling({path})
"""
_REFUSE = """\
if found is not result:
    raise TypeError("this result can be spoilt")
"""


def spoilers(source: str) -> list[Mutant]:
    """Return a solution cell with its results spoilt: each function, in each way."""
    return [
        Mutant("spoilt results", f"{path} {what}", _spoilt(source, path, spoil))
        for path in functions_in(source)
        for what, spoil in SPOILERS.items()
    ]


def spoils(name: str) -> bool:
    """Whether a mutant of this name has spoilt results."""
    return name.endswith(tuple(SPOILERS))


def refusing_results(source: str, name: str) -> str:
    """Return the solution cell with a function that fails where it would be spoilt.

    If no test minds, it has no such result, and nothing is to be found.
    """
    path, _, what = name.partition(" ")
    return _spoilt(source, path, SPOILERS[what], _REFUSE)


def _spoilt(source: str, path: str, spoil: str, then: str = "") -> str:
    spoil, then = indent(spoil, " " * 8), indent(then, " " * 8)
    return source + _CODE.format(path=path, spoil=spoil.rstrip(), then=then.rstrip())


def functions_in(source: str) -> list[str]:
    """Return functions, and methods without an underscore, as one writes them."""
    try:
        body = tree_of(source).body
    except SyntaxError:
        return []
    found = []
    for node in body:
        if isinstance(node, ast.FunctionDef):
            found.append(node.name)
        elif isinstance(node, ast.ClassDef):
            methods = [n for n in node.body if isinstance(n, ast.FunctionDef)]
            found += [f"{node.name}.{m.name}" for m in methods if m.name[0] != "_"]
    return found
