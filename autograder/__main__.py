"""Where every command begins: with what takes longest to load.

Also as `python -m autograder`, where the package is not installed.
"""

import atexit
import sys
from contextlib import suppress

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # the working folder: nothing but this package is taken from there

from autograder.base.import_path import leave_working_folder_out


def main() -> None:
    """Run the command.

    Where it grades, the template begins before the command line is imported: it takes
    longer than all that the command itself loads, and has a core of its own.
    """
    if sys.argv[1:2] == ["grade"] and "--help" not in sys.argv:
        with suppress(FileNotFoundError):  # no working folder: the command says so
            leave_working_folder_out()
            from autograder.sealed import template

            template.begin()
            atexit.register(template.leave)
    from autograder.cli import main as run

    run()


if __name__ == "__main__":
    main()
