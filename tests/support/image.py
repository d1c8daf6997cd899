"""An environment as somebody else's machine makes it, with our packages in it."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

SYSTEMS = Path(f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}")


def make_environment(folder: Path) -> Path:
    """Make a virtual environment with pip, in which all of the lock is there already.

    Where this Python is root's alone, it is made of the system's, which is not.

    Returns
    -------
    The folder of its programs.
    """
    is_closed = SYSTEMS.exists() and not is_open(Path(sys.base_prefix))
    python = SYSTEMS if is_closed else sys.executable
    subprocess.run([python, "-m", "venv", folder], check=True)
    packages = next(folder.glob("lib/*/site-packages"))
    for old in packages.glob("setuptools*"):  # venv's own is not the lock's
        shutil.rmtree(old)
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


def is_open(folder: Path) -> bool:
    """Whether users of any name may enter a folder."""
    return all(path.stat().st_mode & 1 for path in (folder, *folder.parents))
