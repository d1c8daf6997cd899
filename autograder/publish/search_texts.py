"""Search texts: what the site's search shows of each page.

A browser lets no page of a folder read another one, so the words of all pages lie in a
script, which the search loads instead of the pages. Results lead to parts of pages, so
each part keeps its name.
"""

import json
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from autograder.base.plain_formulas import plain_formula

SCRIPT = Path("_static") / "texts.js"


def write_texts(site: Path) -> None:
    """Write the words of all pages of a site, by the path of each."""
    texts = {
        path.relative_to(site).as_posix(): _words(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
    }
    content = f"window.TEXTS = {json.dumps(texts, ensure_ascii=False)};\n"
    (site / SCRIPT).write_text(content, "utf-8")


def _words(page: str) -> str:
    """Return the words of a page's article as HTML that only names its parts."""
    article = BeautifulSoup(page, "html.parser").article
    if article is None:  # the search's own page
        return ""
    for element in article.select("script, style, svg, .headerlink"):
        element.decompose()
    for element in article.select(".math"):
        element.replace_with(plain_formula(element.get_text()))
    for element in article.find_all(True):
        _keep_name_alone(element)
    return " ".join(article.decode_contents().split())


def _keep_name_alone(element: Tag) -> None:
    name = element.get("id")
    if name is None:
        element.unwrap()
    else:
        element.name, element.attrs = "div", {"id": name}
