"""An environment as somebody else's machine makes it, with our packages in it."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path


def make_environment(folder: Path) -> Path:
    """Make a virtual environment with pip, in which all of the lock is there already.

    Returns
    -------
    The folder of its programs.
    """
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    packages = next(folder.glob("lib/*/site-packages"))
    for old in packages.glob("setuptools*"):  # venv's own is not the lock's
        shutil.rmtree(old)
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"
