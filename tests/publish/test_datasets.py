"""Full data sets are fetched, checked and found, or it is said how to get them."""

import gzip
import hashlib
import logging
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rich.console import Console
from sklearn.datasets import _california_housing, fetch_california_housing

from autograder import cli
from autograder.base.paths import ROOT
from autograder.publish import datasets
from autograder.publish.datasets import SETS, DataSet, File, MissingData, fetch, locate

SONGS = b"name,mood\n" + b"a song,Calm\n" * 20_000
PICTURES = b"\x00\x00\x08\x03" + bytes(range(256)) * 300


class Server:
    """An HTTP server with files by path, which notes what it was asked for."""

    def __init__(self):
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        """Paths."""
        self.breaks_after: int | None = None
        """How many bytes it sends before it breaks the next connection."""
        handler = type("Handler", (BaseHTTPRequestHandler,), {})
        handler.do_GET = lambda request: self._answer(request)
        handler.log_message = lambda *_: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        serve = self._server.serve_forever
        # The interval is how long closing takes.
        threading.Thread(target=serve, args=(0.01,), daemon=True).start()

    def _answer(self, request):
        self.asked.append(request.path)
        content = self.files.get(request.path)
        if content is None:
            request.send_error(404)
            return
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content[: self.breaks_after])
        self.breaks_after = None

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    served = Server()
    yield served
    served.close()


def known(name: str, content: bytes, address: str) -> File:
    return File(name, hashlib.sha256(content).hexdigest(), address + name)


@pytest.fixture
def home(monkeypatch, tmp_path, server):
    """Let the project know two small data sets only, at addresses of the server."""
    address = f"{server.address}/official/"
    sets = {
        "moods": DataSet("Songs", (known("moods.csv", SONGS, address),)),
        "clothes": DataSet(
            "Pictures",
            (known("pictures.gz", PICTURES, address),),
            "dataset-clothes",
            tmp_path / "packaged",
        ),
    }
    server.files = {
        "/official/moods.csv": SONGS,
        "/official/pictures.gz": gzip.compress(PICTURES),
    }
    monkeypatch.setattr(datasets, "SETS", sets)
    monkeypatch.setattr(datasets, "CHUNK", 1000)
    monkeypatch.delenv("NEURON_MIRROR", raising=False)
    monkeypatch.setenv("NEURON_DATA", str(tmp_path / "full"))
    return tmp_path / "full"


def run(monkeypatch, *arguments: str) -> int:
    """Return the exit status of `autograder data`."""
    monkeypatch.setattr("sys.argv", ["autograder", "data", *arguments])
    for module in (cli, cli.students):
        monkeypatch.setattr(module, "err", Console(stderr=True, width=120))
    with pytest.raises(SystemExit) as stop:
        cli.main()
    logging.disable(logging.NOTSET)  # the command wants it quiet, other tests do not
    return stop.value.code or 0


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


def test_a_download_lies_in_the_folder_of_its_data_set(home, server):
    assert fetch("moods") == [f"{server.address}/official/moods.csv"]
    assert (home / "moods" / "moods.csv").read_bytes() == SONGS
    assert left(home / "moods") == ["moods.csv"]
    assert locate("moods") == home / "moods"


def test_what_is_there_is_not_downloaded_again(home, server):
    fetch("moods")
    assert fetch("moods") == []
    assert len(server.asked) == 1


def test_a_damaged_file_is_downloaded_again(home, server):
    fetch("moods")
    (home / "moods" / "moods.csv").write_bytes(SONGS[:-1])
    assert fetch("moods") != []
    assert (home / "moods" / "moods.csv").read_bytes() == SONGS


@pytest.mark.parametrize(
    "content",
    [SONGS + b"x", gzip.compress(SONGS), b""],
    ids=["longer", "compressed", "empty"],
)
def test_another_content_than_expected_is_refused_and_not_kept(home, server, content):
    server.files["/official/moods.csv"] = content
    with pytest.raises(MissingData, match="another content"):
        fetch("moods")
    assert left(home / "moods") == []


def test_the_same_data_compressed_by_somebody_else_is_as_good(home, server):
    server.files["/official/pictures.gz"] = gzip.compress(PICTURES, 1, mtime=1)
    fetch("clothes")
    assert gzip.decompress((home / "clothes" / "pictures.gz").read_bytes()) == PICTURES


def test_a_compressed_file_with_other_data_is_refused(home, server):
    server.files["/official/pictures.gz"] = gzip.compress(PICTURES[:-1])
    with pytest.raises(MissingData, match="another content"):
        fetch("clothes")
    assert left(home / "clothes") == []


def test_a_broken_download_leaves_what_was_there_and_the_next_one_is_whole(
    home, server
):
    (home / "moods").mkdir(parents=True)
    (home / "moods" / "moods.csv").write_bytes(b"damaged")
    server.breaks_after = 100_000
    with pytest.raises(MissingData, match=r"moods\.csv: not downloaded, .*140010 more"):
        fetch("moods")
    assert (home / "moods" / "moods.csv").read_bytes() == b"damaged"
    assert left(home / "moods") == ["moods.csv"]
    fetch("moods")
    assert (home / "moods" / "moods.csv").read_bytes() == SONGS


def test_without_network_it_says_what_to_do(home, server, monkeypatch, capsys):
    server.close()
    assert run(monkeypatch, "moods", "clothes") == 1
    told = capsys.readouterr().err
    assert f"{server.address}/official/moods.csv: not downloaded" in told
    assert "Connection refused" in told
    assert "missing: moods, clothes" in told
    assert "--mirror URL" in told
    assert "--from FOLDER" in told
    assert "apt install dataset-clothes" in told


def test_an_address_without_the_file_is_named(home, server):
    del server.files["/official/moods.csv"]
    with pytest.raises(MissingData, match=r"moods\.csv: .* 404 Not Found"):
        fetch("moods")


def test_one_missing_data_set_does_not_keep_the_others_away(
    home, server, monkeypatch, capsys
):
    del server.files["/official/moods.csv"]
    assert run(monkeypatch) == 1
    assert (home / "clothes" / "pictures.gz").exists()
    assert "missing: moods;" in capsys.readouterr().err


@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_mirror_is_asked_instead(home, server, monkeypatch, by):
    server.files = {"/copies/moods/moods.csv": SONGS}
    mirror = f"{server.address}/copies/"
    if by == "environment":
        monkeypatch.setenv("NEURON_MIRROR", mirror)
    options = ["--mirror", mirror] if by == "option" else []
    assert run(monkeypatch, "moods", *options) == 0
    assert server.asked == ["/copies/moods/moods.csv"]
    assert (home / "moods" / "moods.csv").read_bytes() == SONGS


def test_progress_and_origin_are_shown(home, server, monkeypatch, capsys):
    assert run(monkeypatch, "moods") == 0
    told = capsys.readouterr()
    assert "moods.csv" in told.err
    assert "240.0/240.0 kB" in told.err
    assert told.out.startswith(f"moods: from {server.address}/official/moods.csv, in ")


def test_progress_counts_bytes_and_ends_at_all_of_them(home, server):
    seen = []
    fetch("moods", watch=lambda *step: seen.append(step))
    assert seen[0] == ("moods.csv", 1000, len(SONGS))
    assert seen[-1] == ("moods.csv", len(SONGS), len(SONGS))
    assert all(done <= total == len(SONGS) for _, done, total in seen)


def test_debians_package_is_used_without_network(home, server, tmp_path):
    packaged = tmp_path / "packaged"
    packaged.mkdir()
    (packaged / "pictures.gz").write_bytes(gzip.compress(PICTURES, 1))
    assert locate("clothes") == packaged
    assert fetch("clothes") == [str(packaged)]
    assert server.asked == []
    assert locate("clothes") == home / "clothes"


def test_a_package_with_other_data_is_not_used(home, server, tmp_path):
    (tmp_path / "packaged").mkdir()
    (tmp_path / "packaged" / "pictures.gz").write_bytes(b"not compressed at all")
    assert fetch("clothes") == [f"{server.address}/official/pictures.gz"]


@pytest.mark.parametrize("inner", ["", "moods"])
def test_files_are_copied_from_a_folder(home, server, monkeypatch, tmp_path, inner):
    stick = tmp_path / "stick" / inner
    stick.mkdir(parents=True)
    (stick / "moods.csv").write_bytes(SONGS)
    assert run(monkeypatch, "moods", "--from", str(tmp_path / "stick")) == 0
    assert (home / "moods" / "moods.csv").read_bytes() == SONGS
    assert server.asked == []


def test_a_folder_without_the_right_file_is_refused(home, server, tmp_path):
    with pytest.raises(MissingData, match=r"found neither .*moods\.csv"):
        fetch("moods", source=tmp_path)
    (tmp_path / "moods.csv").write_bytes(b"other songs")
    with pytest.raises(MissingData, match="another content"):
        fetch("moods", source=tmp_path)
    assert left(home / "moods") == []
    assert server.asked == []


def test_absent_data_raise_and_say_how_to_get_them(home):
    with pytest.raises(
        MissingData, match=r"run `autograder data clothes`.*apt install"
    ):
        locate("clothes")


def test_an_unknown_name_is_refused_with_the_known_ones(home, monkeypatch, capsys):
    assert run(monkeypatch, "digits") == 2
    assert "moods, clothes" in capsys.readouterr().err


def test_scikit_learn_loads_the_housing_data_that_were_fetched(
    home, server, monkeypatch, tmp_path
):
    row = "-122.23,37.88,41,880,129,322,126,8.3252,452600\n"
    inner = tmp_path / "cal_housing.data"
    inner.write_text(row * 3)
    archive = tmp_path / "cal_housing.tgz"
    with tarfile.open(archive, "w:gz") as stream:
        stream.add(inner, "CaliforniaHousing/cal_housing.data")
    content = archive.read_bytes()
    file = known(archive.name, content, f"{server.address}/official/")
    server.files["/official/cal_housing.tgz"] = content
    monkeypatch.setitem(datasets.SETS, "california", DataSet("Houses", (file,)))
    wanted = _california_housing.ARCHIVE._replace(checksum=file.sha256, url="nowhere:")
    monkeypatch.setattr(_california_housing, "ARCHIVE", wanted)

    fetch("california")
    houses = fetch_california_housing(
        data_home=home / "california", download_if_missing=False
    )
    assert houses.data.shape == (3, 8)
    assert houses.target[0] == pytest.approx(4.526)
    # The archive stays, so that the folder can be somebody else's mirror.
    assert (home / "california" / "cal_housing.tgz").read_bytes() == content
    assert fetch("california") == []


def test_scikit_learns_archive_is_the_one_that_is_registered():
    (file,) = SETS["california"].files
    archive = _california_housing.ARCHIVE
    assert (file.name, file.address) == (archive.filename, archive.url)
    assert file.sha256 == archive.checksum


def test_the_data_card_names_each_data_set_and_where_it_comes_from():
    card = (ROOT / "data" / "README.md").read_text("utf-8")
    for name, wanted in SETS.items():
        assert f"| `{name}/` |" in card, name
        for file in wanted.files:
            assert urlsplit(file.address).hostname in card, file.address
