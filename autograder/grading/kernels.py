"""Kernels: what runs the cells of a course's notebook when they are not Python."""

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from autograder.base.errors import EngineError
from autograder.base.source_code import tree_of


class KernelMissing(EngineError):
    """A notebook asks for a kernel that is not installed."""


@dataclass(frozen=True)
class Kernel:
    """An installed Jupyter kernel of another language than Python."""

    name: str
    language: str
    argv: list[str]
    """Its command line, as its kernel.json has it."""
    env: dict[str, str]


def kernel_of(path: Path, instead: str = "") -> Kernel | None:
    """Return the kernel that a course's own notebook asks for; None for Python.

    Parameters
    ----------
    instead
        The name of the kernel that the course's settings put in its place.

    Raises
    ------
    KernelMissing
        It is not installed on this computer.
    """
    notebook = json.loads(path.read_bytes())
    metadata = notebook.get("metadata", {})
    asked = {"name": instead} if instead else metadata.get("kernelspec") or {}
    spoken = None if instead else (metadata.get("language_info") or {}).get("name")
    name = asked.get("name") or "python3"
    language = asked.get("language") or spoken or ""
    if "python" in (language.lower() or name.lower()):
        return None
    try:
        found = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        # Editors name their own environments: conda-env-ml-py, venv, class.
        cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
        if not language and _are_python("".join(c["source"]) for c in cells):
            return None
        raise KernelMissing(
            f"{path.name} asks for the kernel {name!r}"
            f"{f' ({language})' if language else ''}, which is not installed here; "
            "install it for the whole computer (`jupyter kernelspec list` shows what "
            "is there) and grade again: nothing of it is scored before."
        ) from None
    if found.language.lower() == "python":
        return None
    return Kernel(name, found.language, found.argv, dict(found.env))


def _are_python(sources: Iterable[str]) -> bool:
    """Whether all cells read as Python, and one as nothing but Python."""
    found = []
    for source in sources:
        lines = [li for li in source.splitlines() if not li.lstrip().startswith("%")]
        try:
            found += tree_of("\n".join(lines)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in found)
