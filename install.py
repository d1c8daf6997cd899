"""Make `.venv/` from a list of locked packages: `python install.py lessons`.

`lessons` is what all lessons but the one on Keras need, `keras` adds TensorFlow, `all`
is what authors and developers need. uv does it where it is installed, pip where not, or
if the environment says `UV=`. Works wherever Python does and needs nothing else.
"""

# An older Python, such as macOS's own, has to get as far as what it is told below.
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
SETS = {
    "lessons": (
        "requirements-without-tensorflow.lock",
        "JupyterLab and what lessons 00 to 09 and 11 import: 0.7 GB on disk",
    ),
    "keras": (
        "requirements-students.lock",
        "the same with TensorFlow, which lesson 10 needs: 1.8 GB on disk",
    ),
    "all": (
        "requirements.lock",
        "all that authors and developers need: 2.1 GB on disk",
    ),
}
"""By name: the list of packages, and what it is; `make set-up-cost` measures them."""
PACKAGES = ("lib/python*/site-packages", "Lib/site-packages")
FOR_CPP = "tensorflow/include"
"""A quarter of TensorFlow: headers, for operators that somebody writes in C++."""
OURS = ["--no-deps", "--no-build-isolation", "-e", HERE]
"""This package itself, as it lies here."""
BAR = 30


def main() -> None:
    """Install what the first argument names."""
    name = sys.argv[1] if len(sys.argv) > 1 else "lessons"
    if name not in SETS or not (3, 11) <= sys.version_info < (3, 14):
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"found {name!r} and Python {version}, expected one of {', '.join(SETS)} "
            "and Python 3.11 to 3.13; as in `python3.11 install.py lessons` or "
            "`make lab PYTHON=python3.11`."
        )
    lock, what = SETS[name]
    uv = shutil.which(os.environ.get("UV", "uv"))
    print(f"Setting up .venv/ with {'uv' if uv else 'pip'}, from {lock}:")
    print(f"{what}. Once; it needs a network.", flush=True)
    try:
        if uv:
            with_uv(uv, HERE / lock, is_exact=name == "all")
        else:
            with_pip(HERE / lock)
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"Not set up: {Path(error.cmd[0]).name} ended with the message above. Is "
            "there a network, and may this folder be written? Then run it again."
        )
    for pattern in PACKAGES:
        for folder in VENV.glob(f"{pattern}/{FOR_CPP}"):
            shutil.rmtree(folder)


def with_uv(uv: str, lock: Path, is_exact: bool) -> None:
    """Install with uv, which shows bars of its own on a terminal.

    Parameters
    ----------
    is_exact
        Whether what is not in the list goes.
    """
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    run(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV)
    how = ["sync"] if is_exact else ["install", "-r"]
    to = ["--python", python()]
    run(uv, "pip", *how, lock, "--require-hashes", *to, *quiet)
    run(uv, "pip", "install", "--quiet", *OURS, *to)


def with_pip(lock: Path) -> None:
    """Install with pip, counting the packages that it has come to."""
    run(sys.executable, "-m", "venv", VENV)
    pip = [python(), "-m", "pip", "--disable-pip-version-check", "install"]
    count = len(re.findall("^[^ #]+==", lock.read_text("utf-8"), re.MULTILINE))
    order = [*pip, "--no-compile", "--require-hashes", "-r", lock]
    said: list[str] = []
    with subprocess.Popen(
        list(map(str, order)),
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        done = 0
        for line in process.stdout:
            said.append(line)
            done += line.startswith(("Collecting", "Requirement", "Ignoring"))
            show(done, count, "packages fetched")
    if process.returncode:
        print("\n", *said[-20:], sep="", file=sys.stderr)
        raise subprocess.CalledProcessError(process.returncode, process.args)
    print()
    run(*pip, "--quiet", *OURS)


def show(done: int, count: int, what: str) -> None:
    """Move the bar; only where somebody looks."""
    if sys.stdout.isatty():
        full = BAR * done // max(count, done, 1)
        bar = "=" * full + " " * (BAR - full)
        print(f"\r[{bar}] {done} of {count} {what}", end="", flush=True)


def python() -> Path:
    """Return the environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(*command: str | Path) -> None:
    """Run a command; its messages are for whoever installs."""
    subprocess.run(list(map(str, command)), check=True)


if __name__ == "__main__":
    main()
