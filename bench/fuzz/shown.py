"""Shown: what students wrote and displayed, on its way into pages."""

import json
from functools import cache
from pathlib import Path
from random import Random

from nbformat import from_dict

from autograder.base.paths import ROOT
from autograder.intake.handed_in import cleaned
from autograder.pages.limited import one_page
from autograder.pages.outputs import Allowance, exhibits
from autograder.pages.sanitize import clean_html, coloured, markdown
from bench.fuzz.mutations import CODE, MARKUP, WORDS, of_bytes, of_json
from bench.fuzz.target import Target, Wrong
from tests.attacks.pages import injected

OUTPUT_KIB = 64
LARGEST_PAGE = 2**24


@cache
def _prose() -> list[bytes]:
    cells = [cell for cell in _cells() if cell["cell_type"] == "markdown"]
    own = [(ROOT / "docs" / name).read_bytes() for name in ("marks.md", "security.md")]
    return ["".join(cell["source"]).encode() for cell in cells] + own


@cache
def _pages() -> list[bytes]:
    outputs = [output for cell in _cells() for output in cell.get("outputs", [])]
    shown = [
        o["data"]["text/html"] for o in outputs if "text/html" in o.get("data", {})
    ]
    own = [
        (ROOT / "site" / "index.md").read_bytes(),
        b'<svg viewBox="0 0 9 9"><style>a{}</style><a href="#"><path d="M0"/></a>',
        b'<table border="1"><tr><td colspan=2><b>x</b><td><img src="data:image/png;'
        b'base64,AAAA"></table><math><mi>x</mi></math><form><input></form>',
    ]
    return ["".join(text).encode() for text in shown][:20] + own


@cache
def _outputs() -> list[bytes]:
    shown = [cell["outputs"] for cell in _cells() if cell.get("outputs")]
    return [
        text
        for text in (json.dumps(one).encode() for one in shown)
        if len(text) < 50_000
    ]


def _cells() -> list[dict]:
    names = ("00_warmup", "01_neuron", "04_mlp_forward")
    paths = [ROOT / "solutions" / name / f"{name}.ipynb" for name in names]
    return [c for p in paths for c in json.loads(Path(p).read_bytes())["cells"]]


def _spoilt_text(chance: Random, example: bytes) -> bytes:
    return of_bytes(chance, example, (*MARKUP, *MARKUP, *CODE, *WORDS))


def _spoilt_outputs(chance: Random, example: bytes) -> bytes:
    return of_json(chance, example, (*MARKUP, *WORDS))


def _is_clean(page: str) -> None:
    if found := injected(page):
        raise Wrong(f"a page runs what somebody wrote: {found[:3]}")
    if len(page) > LARGEST_PAGE:
        raise Wrong(f"a page of {len(page):,} characters")


def _as_prose(content: bytes) -> None:
    with one_page():
        _is_clean(
            markdown(content.decode("utf-8", "replace"), {"p": {"image/png": "AA"}})
        )


def _as_html(content: bytes) -> None:
    with one_page():
        _is_clean(clean_html(content))


def _as_code(content: bytes) -> None:
    with one_page():
        _is_clean(coloured(content.decode("utf-8", "replace")))


def _as_outputs(content: bytes) -> None:
    try:
        handed = json.loads(content)
    except (ValueError, RecursionError):
        return
    kept = cleaned(
        {"cell": handed if isinstance(handed, list) else [handed]}, OUTPUT_KIB
    )
    json.dumps(kept, ensure_ascii=False).encode()
    with one_page():
        shown = exhibits([from_dict(o) for o in kept["cell"]], Allowance())
        _is_clean("".join(e.content for e in shown if e.kind == "html"))
        if wrong := [e for e in shown if e.kind == "picture" and '"' in e.content]:
            raise Wrong(f"a picture at {wrong[0].content[:60]!r}")


TARGETS = (
    Target("prose", _prose, _spoilt_text, _as_prose),
    Target("html", _pages, _spoilt_text, _as_html),
    Target("code", _prose, _spoilt_text, _as_code),
    Target("outputs", _outputs, _spoilt_outputs, _as_outputs),
)
