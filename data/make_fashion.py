"""Cut the Fashion-MNIST subset in fashion-mnist/ from the full files.

Run `python data/make_fashion.py FOLDER` with a folder that holds the four official
files (Debian's package `dataset-fashion-mnist` puts them into
/usr/share/datasets/fashion-mnist) to write the subset again, byte for byte: of each of
the ten classes the first 500 training and the first 100 test pictures, in their order.
"""

import gzip
import struct
import sys
from pathlib import Path

import numpy as np

SUBSET = Path(__file__).with_name("fashion-mnist")
A_CLASS = {"train": 500, "t10k": 100}
CLASSES = 10
PICTURES, LABELS = 2051, 2049
"""The magic numbers that IDX files of pictures and of labels begin with."""


def read(path: Path, magic: int, dimensions: int) -> np.ndarray:
    """Return the bytes of a gzipped IDX file, shaped as its header says."""
    content = gzip.decompress(path.read_bytes())
    found, *shape = struct.unpack_from(f">{1 + dimensions}i", content)
    if found != magic:
        raise SystemExit(f"{path}: found magic number {found}, expected {magic}.")
    offset = 4 * (1 + dimensions)
    return np.frombuffer(content, np.uint8, offset=offset).reshape(shape)


def write(path: Path, magic: int, values: np.ndarray) -> None:
    """Write an IDX file, gzipped without a time, so that the bytes repeat."""
    header = struct.pack(f">{1 + values.ndim}i", magic, *values.shape)
    path.write_bytes(gzip.compress(header + values.tobytes(), 9, mtime=0))


def main() -> None:
    """Write the four files of the subset."""
    full = Path(sys.argv[1])
    SUBSET.mkdir(exist_ok=True)
    for part, count in A_CLASS.items():
        images, labels = f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz"
        pictures, classes = (
            read(full / images, PICTURES, 3),
            read(full / labels, LABELS, 1),
        )
        firsts = [np.flatnonzero(classes == c)[:count] for c in range(CLASSES)]
        chosen = np.sort(np.concatenate(firsts))
        write(SUBSET / images, PICTURES, pictures[chosen])
        write(SUBSET / labels, LABELS, classes[chosen])


if __name__ == "__main__":
    main()
