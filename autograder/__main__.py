"""The command line, where the package is not installed: `python -m autograder`."""

from autograder.cli import main

main()
