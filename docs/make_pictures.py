"""Make the small pictures of the README's table of lessons from the lessons' figures.

Run `python docs/make_pictures.py` after `make notebooks`: it takes one figure of each
solved notebook and writes docs/pictures/<lesson>.png.
"""

import base64
import io
from pathlib import Path

import nbformat
from PIL import Image

ROOT = Path(__file__).parent.parent
SIZE = (280, 150)
FIGURES = {
    "00_warmup": 0,
    "01_neuron": 3,
    "02_activations": 0,
    "03_logistic_regression": 7,
    "04_mlp_forward": 4,
    "05_backpropagation": 1,
    "06_two_layer_network": 2,
    "07_layers": 3,
    "08_bug_clinic": 4,
    "09_scikit_learn": 0,
    "10_keras": 8,
    "11_capstone": 4,
}
"""Which figure of a lesson stands for it, counted from 0."""


def figure(lesson: str, number: int) -> Image.Image:
    """Return a figure of a solved notebook."""
    path = ROOT / "solutions" / lesson / f"{lesson}.ipynb"
    pictures = [
        output["data"]["image/png"]
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    return Image.open(io.BytesIO(base64.b64decode(pictures[number]))).convert("RGB")


def main() -> None:
    """Write all pictures."""
    for lesson, number in FIGURES.items():
        picture = figure(lesson, number)
        picture.thumbnail(SIZE, Image.Resampling.LANCZOS)
        path = ROOT / "docs" / "pictures" / f"{lesson}.png"
        path.parent.mkdir(exist_ok=True)
        picture.save(path, optimize=True)


if __name__ == "__main__":
    main()
