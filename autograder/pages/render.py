"""Rendering: a template, a style and a policy that lets nothing else in."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pygments.formatters import HtmlFormatter

from autograder.pages.sanitize import comment, markdown, plain

HERE = Path(__file__).parent


def render(
    template: str, own: str = "", *, asks: bool = False, **values: object
) -> str:
    """Return one page that needs nothing beside itself.

    Everything is escaped that is not `Markup`. Its content security policy lets a
    browser load nothing and run nothing but the page's own program: a second fence,
    should something get through the cleaning.

    Parameters
    ----------
    own
        The name of the page's own style and script, which are files beside the
        template; neither if not given.
    asks
        Whether that script may ask the server that the page came from.
    """
    page = _environment().get_template(template)
    style = _text("style.css") + _colours() + (_text(f"{own}.css") if own else "")
    script = _text(f"{own}.js") if own else ""
    return page.render(
        style=Markup(style),  # noqa: S704  # our own
        script=Markup(script),  # noqa: S704  # the same
        policy=policy(style, script, asks=asks),
        **values,
    )


def fragment(template: str, **values: object) -> Markup:
    """Return a part of a page."""
    part = _environment().get_template(template).render(**values)
    return Markup(part)  # noqa: S704  # escaped as a page is


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
        "comment": comment,
        "markdown": markdown,
        "plain": plain,
        "points": lambda number: f"{number:.4g}",
    }
    return made


@cache
def _text(name: str) -> str:
    return (HERE / name).read_text("utf-8")


@cache
def _colours() -> str:
    light, dark = _colours_of_code("xcode"), _colours_of_code("github-dark")
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"
    return f"\n{light}\n{dark}\n"


def _colours_of_code(name: str) -> str:
    rules = HtmlFormatter(style=name).get_style_defs(".highlight").split("\n")
    return "\n".join(rule for rule in rules if rule.startswith(".highlight ."))


@cache
def policy(style: str, script: str, *, asks: bool) -> str:
    """Return a content security policy for a page with this style and script.

    By their hashes: no other style counts, not even an attribute's, and no other
    script runs. Where that one `asks`, it may ask where it came from, and nobody else.
    """
    runs = f"script-src {_hash(script)}; " if script else ""
    runs += "connect-src 'self'; " if asks else ""
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; {runs}"
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
