"""Measures what setting up takes: megabytes and seconds, with uv and with pip.

Each set of packages goes into a folder of its own, with caches that are empty, so that
the network counts. It prints the README's table.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETS = ("lessons", "keras", "all")
NEEDED = ("install.py", "pyproject.toml", "README.md", "LICENSE")


def main() -> None:
    """Print a row for each set of packages."""
    print("| set of packages | on disk | with uv | with pip |")
    print("|---|---|---|---|")
    for name in SETS:
        size, with_uv = measured(name, "uv")
        _, with_pip = measured(name, "")
        print(f"| `{name}` | {size:,} MB | {with_uv} s | {with_pip} s |", flush=True)


def measured(name: str, uv: str) -> tuple[int, int]:
    """Return megabytes on disk and seconds; without uv, pip does it."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "checkout"
        checkout.mkdir()
        for path in (*map(ROOT.joinpath, NEEDED), *ROOT.glob("*.lock")):
            shutil.copy(path, checkout)
        shutil.copytree(ROOT / "autograder", checkout / "autograder")
        caches = {"UV_CACHE_DIR": f"{folder}/uv", "PIP_NO_CACHE_DIR": "1", "UV": uv}
        began = time.perf_counter()
        order = [sys.executable, "install.py", name]
        done = subprocess.run(
            order, cwd=checkout, env=os.environ | caches, stdout=sys.stderr, check=False
        )
        if done.returncode:
            sys.exit(f"{name}: not set up; see above.")
        return megabytes(checkout / ".venv"), round(time.perf_counter() - began)


def megabytes(folder: Path) -> int:
    """Return what the files of a folder take on disk, in units of 10^6 bytes."""
    files = (path.lstat() for path in folder.rglob("*"))
    return round(sum(file.st_blocks for file in files) * 512 / 1e6)


if __name__ == "__main__":
    main()
