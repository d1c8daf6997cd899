"""Data sets: the full ones behind the lessons' small ones, fetched and checked."""

import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.base.errors import AutograderError, WrongUse
from autograder.base.files import replacing
from autograder.base.paths import ROOT

Progress = Callable[[str, int, int], None]
"""Is told the name of a file, how many of its bytes are there, and how many it has."""
CHUNK = 1 << 16
"""Bytes of a download between two looks at how far it is."""


class MissingData(AutograderError):
    """Data that somebody asked for are not there; the message says how to get them."""


@dataclass(frozen=True)
class File:
    """One file of a data set."""

    name: str
    sha256: str
    """Of its content: for `.gz` of what is inside, because the same data compressed
    by somebody else, Debian for one, are other bytes."""
    address: str


@dataclass(frozen=True)
class DataSet:
    """What is known about a data set before it is there."""

    title: str
    files: tuple[File, ...]
    package: str = ""
    """Debian's package of it, if there is one."""
    packaged: Path | None = None
    """Where that package puts the files."""


def _idx(address: str, *sums: str) -> tuple[File, ...]:
    names = (
        f"{part}-{kind}-ubyte.gz"
        for part in ("train", "t10k")
        for kind in ("images-idx3", "labels-idx1")
    )
    return tuple(
        File(name, known, address + name)
        for name, known in zip(names, sums, strict=True)
    )


SETS = {
    "fashion-mnist": DataSet(
        "Fashion-MNIST: 60,000 and 10,000 pictures of clothes",
        # Computed from the files of Debian's package.
        _idx(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
        "dataset-fashion-mnist",
        Path("/usr/share/datasets/fashion-mnist"),
    ),
    "mnist": DataSet(
        "MNIST: 60,000 and 10,000 pictures of digits",
        # As many projects publish them; not computed by this one.
        _idx(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
    "california": DataSet(
        "California housing: 20,640 districts",
        # Address and checksum are those of scikit-learn, a test compares them.
        (
            File(
                "cal_housing.tgz",
                "aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681",
                "https://ndownloader.figshare.com/files/5976036",
            ),
        ),
    ),
    "moods": DataSet(
        "Moods: 686 real songs as Spotify describes them",
        # Computed from a copy of the file; that it has this address was only read.
        (
            File(
                "data_moods.csv",
                "84a74565cfb41385aef2896a8ed6b0b41ec7ff83e7332749db136a1de3133117",
                "https://raw.githubusercontent.com/cristobalvch/Spotify-Machine-Learning"
                "/331baac02bf8fdf5223d79e964b1ca7bbae066c7/data/data_moods.csv",
            ),
        ),
    ),
}


def home() -> Path:
    """Return the folder of all full data sets, the one where lessons look."""
    return Path(os.environ.get("NEURON_DATA") or ROOT / "data" / "full")


def locate(name: str) -> Path:
    """Return the folder of a full data set that is on this machine.

    Raises
    ------
    MissingData
        It is not, or not whole.
    """
    wanted = _known(name)
    for folder in filter(None, (home() / name, wanted.packaged)):
        if all(is_intact(folder / file.name, file) for file in wanted.files):
            return folder
    raise MissingData(
        f"{name}: not in {home() / name}, or not whole; {how_to_get(name)}"
    )


def how_to_get(*names: str) -> str:
    """Say what somebody without these data sets can do."""
    packages = " ".join(filter(None, (SETS[name].package for name in names)))
    return (
        f"run `autograder data {' '.join(names)}` where there is a network, with "
        "--mirror URL if another address has the files, or with --from FOLDER for a "
        "copy of somebody else's data/full"
        + (f"; on Debian, `apt install {packages}` will do." if packages else ".")
    )


def fetch(
    name: str,
    mirror: str | None = None,
    source: Path | None = None,
    watch: Progress = lambda *_: None,
) -> list[str]:
    """Bring a data set into `home()`, if it is not there.

    Every file is taken from the first place that has it: `source`, where it is given;
    Debian's package; the network. What is there and whole stays as it is.

    Parameters
    ----------
    mirror
        Address under which files lie as `<data set>/<file>`, instead of their own.
    source
        Folder to copy from, instead of downloading: `<data set>/<file>` or `<file>`.
    watch
        Follows downloads.

    Returns
    -------
    Where files were taken from; nothing if all of them were there.

    Raises
    ------
    MissingData
        A file cannot be had, or is not what it should be; such a file is not kept.
    """
    wanted, folder = _known(name), home() / name
    folder.mkdir(parents=True, exist_ok=True)
    origins = []
    for file in wanted.files:
        target = folder / file.name
        if is_intact(target, file):
            continue
        if source:
            origins.append(_copy(_found(name, file, source), target))
        elif wanted.packaged and is_intact(wanted.packaged / file.name, file):
            origins.append(_copy(wanted.packaged / file.name, target))
        else:
            address = f"{mirror.rstrip('/')}/{name}/{file.name}" if mirror else None
            origins.append(_download(address or file.address, target, file, watch))
    if name == "california" and not any(folder.glob("*.pkz")):
        _unpack_california(folder)
    return list(dict.fromkeys(origins))


def is_intact(path: Path, file: File) -> bool:
    """Whether there is a file at `path` with the content that is expected."""
    opened = gzip.open if file.name.endswith(".gz") else Path.open
    try:
        with opened(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    except (OSError, EOFError, zlib.error):
        return False


def _known(name: str) -> DataSet:
    if name not in SETS:
        raise WrongUse(f"no data set is called {name}; there are {', '.join(SETS)}.")
    return SETS[name]


def _found(name: str, file: File, source: Path) -> Path:
    """Return the place of a file in the folder that somebody named."""
    places = [source / name / file.name, source / file.name]
    there = [path for path in places if path.exists()]
    if not there:
        raise MissingData(f"{name}: found neither {places[0]} nor {places[1]}.")
    if not is_intact(there[0], file):
        raise MissingData(
            f"{name}: {there[0]} has another content than this file; remove it or "
            "name another folder."
        )
    return there[0]


def _copy(path: Path, target: Path) -> str:
    with path.open("rb") as source, replacing(target, "wb") as copy:
        shutil.copyfileobj(source, copy)
    return str(path.parent)


def _download(address: str, target: Path, file: File, watch: Progress) -> str:
    from pooch import HTTPDownloader  # takes a fifth of a second to import

    load = HTTPDownloader(
        progressbar=_ProgressBar(partial(watch, file.name)),
        chunk_size=CHUNK,
        headers={"Accept-Encoding": "identity"},  # bytes as they are counted
    )
    try:
        with replacing(target, "wb") as fresh:
            load(address, fresh, None)
            if not is_intact(Path(fresh.name), file):
                raise ValueError("what came has another content than this file")
    except (OSError, ValueError) as error:  # all that requests raises is an OSError
        raise MissingData(f"{address}: not downloaded, {_reason(error)}.") from error
    return address


@dataclass
class _ProgressBar:
    """The progress bar of a download, which pooch moves."""

    watch: Callable[[int, int], None]
    total: int = 0
    """Bytes in all; pooch sets it."""
    _done: int = 0

    def update(self, count: int) -> None:
        """Add to the bytes that came; pooch counts whole chunks."""
        self._done = min(self._done + count, self.total)
        self.watch(self._done, self.total)

    def reset(self) -> None:
        """Begin to count anew, as pooch does at the end."""
        self._done = 0

    def close(self) -> None:
        """Nothing to close: whoever watches does that."""


def _reason(error: BaseException) -> str:
    """Return what is at the bottom of an error of the network."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"the server answered {response.status_code} {response.reason}"
    while error.__context__ is not None:
        error = error.__context__
    return str(error)


def _unpack_california(folder: Path) -> None:
    """Let scikit-learn make its own file of the archive, for its own loader."""
    from sklearn.datasets import fetch_california_housing

    with TemporaryDirectory(dir=folder) as scratch:
        # It deletes the archive; ours stays, so that this folder can be a mirror.
        shutil.copy(folder / "cal_housing.tgz", scratch)
        fetch_california_housing(data_home=scratch)
        for made in Path(scratch).glob("*.pkz"):
            made.replace(folder / made.name)
