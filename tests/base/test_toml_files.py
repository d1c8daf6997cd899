"""Settings are read in no time, or refused with a place and what to do."""

import time

import pytest

from autograder.base.errors import WrongUse
from autograder.base.toml_files import LARGEST_MIB, MOST_DOTS, read_toml

SLOW = {
    "a key of many parts": ".".join("a" * 100_000) + " = 1",
    "a table of many parts": "[" + ".".join("a" * 100_000) + "]",
    "a key in a table of one line": "a = {" + ".".join("b" * 100_000) + " = 1}",
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_what_takes_long_to_read_is_refused_with_its_line(text, tmp_path):
    path = tmp_path / "class.toml"
    path.write_text(f"# ours\n{text}\n")
    began = time.monotonic()
    with pytest.raises(WrongUse, match=r"class\.toml, line 2: found 99999 dots, exp"):
        read_toml(path)
    assert time.monotonic() - began < 1


def test_a_file_of_many_megabytes_is_refused_with_its_size(tmp_path):
    path = tmp_path / "class.toml"
    with path.open("wb") as file:
        file.truncate(3 * 2**40)
    with pytest.raises(WrongUse, match=r"found 3145728\.0 MiB, expected .* at most 1"):
        read_toml(path)
    path.write_bytes(b"\xff")
    with pytest.raises(WrongUse, match="expected TOML in UTF-8"):
        read_toml(path)


def test_what_people_write_is_read(tmp_path):
    path = tmp_path / "class.toml"
    assert read_toml(path) == {}
    people = [f"name.{n}@university.edu" for n in range(MOST_DOTS // 2)]
    path.write_bytes(f"who = {people}\r\n# {'x' * (LARGEST_MIB * 2**19)}".encode())
    assert read_toml(path) == {"who": people}
