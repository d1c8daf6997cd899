"""Tables of the platforms are read in any language and written back as they were."""

import pytest

from autograder.base.errors import WrongUse
from autograder.intake.platforms.tables import read_table
from tests.support.platform_files import WORKSHEETS


@pytest.mark.parametrize("language", WORKSHEETS)
def test_a_worksheets_columns_are_known_in_any_language(language, tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(WORKSHEETS[language], "utf-8")
    table = read_table(path)
    (ada, _) = table.rows
    told = [table.cell(ada, name) for name in ("Full name", "Email address")]
    assert told == ["Ada Maria King", "ada@x.org"]
    assert table.cell(ada, "Identifier").endswith("3101")
    assert table.cell(ada, "Maximum grade") in ("10.00", "10,00")
    assert table.columns["Grade"] == 4


@pytest.mark.parametrize("language", WORKSHEETS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_written_as_it_was_read(language, end, tmp_path):
    path = tmp_path / "w.csv"
    path.write_bytes(WORKSHEETS[language].replace("\n", end).encode())
    table = read_table(path)
    table.write(tmp_path / "again.csv", kept=range(len(table.head)))
    again = (tmp_path / "again.csv").read_bytes()
    assert again.replace(b'"', b"") == path.read_bytes().replace(b'"', b"")


@pytest.mark.parametrize("cell", ["=1+1", "+49 1", "@SUM(A1)", "\tx"])
def test_no_cell_of_a_students_is_a_formula(cell, tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(f'Identifier,Full name\nP 1,"{cell}"\n', "utf-8")
    table = read_table(path)
    table.write(path, kept=[0])
    assert path.read_text("utf-8").splitlines()[1].strip() == f"P 1,'{cell}".strip()


@pytest.mark.parametrize("text", ["long " * 50_000, 'two\r\nlines, "quoted"', "\0;\t"])
def test_no_text_of_a_students_stands_in_the_way(text, tmp_path):
    path = tmp_path / "w.csv"
    cell = text.replace('"', '""')
    path.write_bytes(f'Identifier,Online text,Grade\nP 1,"{cell}",\n'.encode())
    table = read_table(path)
    table.rows[0][2] = "7"
    table.write(path, kept=[0, 2])
    assert read_table(path).rows == [["P 1", text, "7"]]


def test_a_table_of_ones_own_is_not_taken_for_a_worksheet(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("login,name,group\nal12,Ada,1\nal13,Tim,1\n", "utf-8")
    assert read_table(path).columns == {"login": 0, "name": 1, "group": 2}


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_what_is_no_table_is_named(content, tmp_path):
    if content:
        (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(WrongUse, match=r"t\.csv: .*CSV file in UTF-8"):
        read_table(tmp_path / "t.csv")
