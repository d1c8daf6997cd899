"""The template's first steps; imported before anything else.

It leaves the working folder: matplotlib takes its settings from the folder that it is
imported in, and there may be other libraries that do. And it takes memory, before
libraries lie in its way. Nothing of them goes away again: until all are there, nobody
looks for garbage.
"""

import gc
import os

# Where the lessons are depends on the folder that the command was started in.
import autograder.base.paths  # noqa: F401
from autograder.sealed import huge_pages

gc.disable()
os.chdir("/")
huge_pages.reserve()
