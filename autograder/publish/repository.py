"""The repository: what students get, in a git repository of its own to hand out by."""

import os
import subprocess
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.paths import LESSONS, ROOT
from autograder.course.class_file import ClassFile
from autograder.publish.bundle import chosen_files
from autograder.publish.github import CHECK, WORKFLOW

CODE = "autograder/"
IGNORE = ".gitignore"
IGNORED = ".ipynb_checkpoints/\n__pycache__/\n.venv/\n"
OF_OTHERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
"""What a hook or an editor may have set for another repository."""


def write_repository(
    folder: Path, names: list[str] | None = None, said: ClassFile | None = None
) -> list[str]:
    """Write the bundle's files into a git repository, and commit what changed.

    Lessons that were handed out before stay, and so does every file that is not of the
    bundle: students work in clones of it.

    Parameters
    ----------
    folder
        A repository for this alone; it is made if nothing is there.
    names, said
        As for `write_bundle`.

    Returns
    -------
    Notes for the instructor; the last one says what was committed.

    Raises
    ------
    SourceError
        Something in it would show a hidden test or an answer; nothing is written.
    WrongUse
        There is no git, or the folder is something else.
    """
    there = [path.name for path in folder.glob("notebooks/*/")]
    files, notes = chosen_files(names, said, there)
    _begin(folder)
    listed = _git(folder, "ls-files", "-z", "--", CODE).split("\0")
    gone = [name for name in listed if name and name not in files]
    if gone:
        _git(folder, "--literal-pathspecs", "rm", "--quiet", "--", *gone)
    own = {IGNORE: IGNORED.encode(), WORKFLOW: CHECK.encode()}
    # Once there, they are the instructor's.
    files = files | {n: text for n, text in own.items() if not (folder / n).exists()}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    # Forced: whatever a user's own settings ignore, students need these.
    _git(folder, "--literal-pathspecs", "add", "--force", "--", *files)
    changed = _git(folder, "diff", "--cached", "--name-only").splitlines()
    if not changed:
        return [*notes, "nothing has changed"]
    notebooks = [Path(name).stem for name in changed if name.endswith(".ipynb")]
    told = ", ".join(sorted(notebooks)) or "files beside the lessons"
    _git(folder, *_identity(folder), "commit", "--quiet", "--message", told)
    return [*notes, f"committed {len(changed)} files: {told}"]


def _begin(folder: Path) -> None:
    """Make the repository, or see to it that it can be written to."""
    resolved = folder.resolve()
    if (resolved / LESSONS.name).exists() or ROOT.resolve().is_relative_to(resolved):
        raise WrongUse(
            f"{folder}: found lessons' sources, expected a repository for students' "
            "files alone; name another folder."
        )
    if not folder.exists() or not any(folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True)
        _git(folder, "init", "--quiet")
    elif not (folder / ".git").exists():
        raise WrongUse(
            f"{folder}: found files and no git repository, expected an empty folder or "
            "the repository that students' clones are from."
        )
    changes = _git(folder, "status", "--porcelain").splitlines()
    if changes:
        raise WrongUse(
            f"{folder}: found {len(changes)} files that are not committed "
            f"({changes[0][3:]}), expected none; commit or remove them first."
        )


def _identity(folder: Path) -> list[str]:
    """Return options that say who commits, where git was never told."""
    known = _git(folder, "config", "--default", "", "--get", "user.email").strip()
    if known or os.environ.get("GIT_COMMITTER_EMAIL"):
        return []
    name = "Neuron by Neuron"
    return ["-c", f"user.name={name}", "-c", "user.email=nobody@localhost"]


def _git(folder: Path, *arguments: str) -> str:
    """Run git in the repository; return what it printed.

    Raises
    ------
    WrongUse
        It is not installed, or refuses.
    """
    known = {k: v for k, v in os.environ.items() if k not in OF_OTHERS}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],  # noqa: S607  # the user's own git
            env=known,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise WrongUse(
            "found no git, expected it for --repository; install it (Debian: git), or "
            "hand out the archive."
        ) from error
    if done.returncode:
        raise WrongUse(f"{folder}: git says {' '.join(done.stderr.split())}")
    return done.stdout
