"""Rendering: a template, a style and a policy that lets nothing else in."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pygments.formatters import HtmlFormatter

from autograder.pages.sanitize import markdown, plain

HERE = Path(__file__).parent


def render(template: str, **values: object) -> str:
    """Return one page that needs nothing beside itself.

    Everything is escaped that is not `Markup`. Its content security policy lets a
    browser run no script, load nothing and send nothing: a second fence, should
    something get through the cleaning.
    """
    page = _environment().get_template(template)
    return page.render(style=Markup(_style()), policy=_policy(), **values)  # noqa: S704


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "markdown": markdown,
        "plain": plain,
        "points": lambda number: f"{number:.4g}",
    }
    return made


@cache
def _style() -> str:
    own = (HERE / "style.css").read_text("utf-8")
    light, dark = _colours_of_code("default"), _colours_of_code("github-dark")
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"
    return f"{own}\n{light}\n{dark}\n"


def _colours_of_code(name: str) -> str:
    rules = HtmlFormatter(style=name).get_style_defs(".highlight").split("\n")
    return "\n".join(rule for rule in rules if rule.startswith(".highlight ."))


@cache
def _policy() -> str:
    # The hash of the style: no other style counts, not even an attribute's.
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
