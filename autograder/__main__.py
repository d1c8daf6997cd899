"""The command line, where the package is not installed: `python -m autograder`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the working folder: nothing but this package is taken from there

from autograder.cli import main

main()
