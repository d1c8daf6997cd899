"""Configuration: what a folder's `nbgrader_config.py` says, or what is wrong in it."""

from contextlib import chdir
from json import JSONDecodeError
from pathlib import Path

from traitlets.config import (
    Config,
    JSONFileConfigLoader,
    LazyConfigValue,
    PyFileConfigLoader,
)

from autograder.base.errors import WrongUse
from autograder.course.own_code import own_code_of

SETTINGS = "nbgrader_config.py"
AS_JSON = "nbgrader_config.json"
"""The other file that nbgrader reads, and that counts more."""


def settings_in(folder: Path) -> Config:
    """Return nbgrader's settings of a folder; none if it has no file of them.

    They are read as nbgrader does it when it is started there: with that folder as the
    working folder, and with its modules.

    Raises
    ------
    WrongUse
        They cannot be read; the message says which line, module or variable it is.
    """
    config = Config()
    for path in settings_files(folder):
        read = JSONFileConfigLoader if path.name == AS_JSON else PyFileConfigLoader
        try:
            with own_code_of(folder), chdir(folder):
                config.merge(read(path.name, path=str(folder)).load_config())
        except (Exception, SystemExit) as error:
            # Not its own text, which may repeat a line: that may hold a password.
            raise WrongUse(
                f"{_place(error, folder, path)}: {_what(error)}; `nbgrader --help` in "
                "its folder shows all of it."
            ) from None
    return config


def settings_files(folder: Path) -> list[Path]:
    """Return the files of a folder's settings, in the order in which they count."""
    return [path for n in (SETTINGS, AS_JSON) if (path := folder / n).exists()]


def setting(config: Config, name: str, default: object, *sections: str) -> object:
    """Return a setting, or its default.

    Parameters
    ----------
    sections
        Classes that it may be set for; the last one that has it counts.
    """
    found = default
    for section in sections:
        if section in config and name in config[section]:
            found = config[section][name]
            if isinstance(found, LazyConfigValue):  # `.append` and the like
                found = found.get_value(default)
    return found


def _place(error: BaseException, folder: Path, path: Path) -> str:
    """Return file and line of the innermost code of the folder, or else the file."""
    line = 0
    if isinstance(error, JSONDecodeError):
        return f"{path}, line {error.lineno}"
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno or 0}"
    traceback = error.__traceback__
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if Path(name).is_relative_to(folder):
            path, line = Path(name), traceback.tb_lineno
        traceback = traceback.tb_next
    return f"{path}, line {line}" if line else str(path)


def _what(error: BaseException) -> str:
    """Say what is wrong with names alone."""
    kind = type(error).__name__
    if isinstance(error, ModuleNotFoundError):
        return (
            f"found no module {error.name}, expected it beside the configuration or "
            "installed"
        )
    if isinstance(error, ImportError):
        return f"found {kind}: {error.name} has not what is imported from it"
    if _is_of_the_environment(error):
        return f"found no environment variable {error.args[0]}, expected it to be set"
    if isinstance(error, NameError | AttributeError) and error.name:
        return f"found {kind}: {error.name}, expected nbgrader's settings"
    if isinstance(error, OSError) and error.filename is not None:
        return f"found {kind}: {error.filename}, expected a file that can be read"
    return f"found {kind} in it, expected nbgrader's settings"


def _is_of_the_environment(error: BaseException) -> bool:
    if not isinstance(error, KeyError):
        return False
    traceback = error.__traceback__
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame.f_globals.get("__name__") == "os"
