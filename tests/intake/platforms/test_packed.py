"""What lies beside a notebook in an archive lies beside it when it runs."""

import zipfile

import pytest

from autograder.intake.platforms.packed import Packed


def packed(path, *names, content="1"):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return Packed(path, 1)


@pytest.mark.parametrize("folder", ["", "ann/work/"])
def test_files_have_their_paths_from_the_notebook(folder, tmp_path):
    names = ["p.ipynb", "a.py", "data/x.csv", "__MACOSX/a.py", ".DS_Store"]
    found = packed(tmp_path / "a.zip", *(folder + name for name in names), "b.py")
    inside = {"a.py", "data/x.csv"}
    assert set(found.by_name) == (inside if folder else inside | {"b.py"})
    assert {path.read_text() for path in found.by_name.values()} == {"1"}
    (place,) = {path.parent for path in found.by_name.values()}
    found.close()
    assert not place.exists()


@pytest.mark.parametrize(
    "name",
    ["../out.py", "/etc/x.py", "..\\b.py", "c:\\x.py", "a\nb.py", "d/" * 30 + "x"],
)
def test_no_name_leads_anywhere_and_what_is_odd_is_left_out(name, tmp_path):
    found = packed(tmp_path / "a.zip", "p.ipynb", "a.py", name)
    assert set(found.by_name) == {"a.py"}
    found.close()


def test_of_several_notebooks_it_is_the_one_of_the_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("p\\p.ipynb", "p\\p.csv", "q\\q.ipynb", "q\\q.csv"):
            archive.writestr(name, "1")
    found = Packed(tmp_path / "a.zip", 1, "p")
    assert set(found.by_name) == {"p.csv"}
    found.close()


def test_there_is_an_end(tmp_path):
    found = packed(tmp_path / "a.zip", "a.py", "b.py", content="1" * 700_000)
    assert set(found.by_name) == {"a.py"}
    many = packed(tmp_path / "b.zip", *(f"{n}.py" for n in range(300)))
    assert len(many.by_name) == 200
    (tmp_path / "c.zip").write_bytes((tmp_path / "b.zip").read_bytes()[:5_000])
    assert not Packed(tmp_path / "c.zip", 1).by_name
    found.close()
    many.close()
