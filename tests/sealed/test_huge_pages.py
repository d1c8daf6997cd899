"""The template's memory lies in large pages, where the system has them."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sealed import huge_pages

HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")

PROGRAM = """
from pathlib import Path
from autograder.sealed import huge_pages

huge_pages.reserve()
words = [str(number) for number in range(300_000)]
huge_pages.collapse()
assert words == [str(number) for number in range(300_000)]
rollup = Path("/proc/self/smaps_rollup").read_text()
print(rollup.split("AnonHugePages:")[1].split()[0])
"""


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.skipif(not HUGE_PAGES.exists(), reason="this system has no large pages")
def test_objects_lie_in_large_pages():
    mib = int(run(PROGRAM)) / 1024
    assert mib >= 0.9 * huge_pages.RESERVED_MIB


def test_where_a_system_has_no_large_pages_nothing_happens():
    without = "import pathlib\npathlib.Path.read_text = lambda path: open('/nowhere')\n"
    assert (
        run(
            f"{without}from autograder.sealed import huge_pages\n"
            "huge_pages.collapse()\nprint('went on')"
        )
        == "went on\n"
    )
