"""Search texts: what the site's search shows of pages that were opened from a folder.

A browser lets no page of a folder read another one, so the words of all pages lie in a
script, which the search loads only there.
"""

import html.parser
import json
from pathlib import Path

SCRIPT = Path("_static") / "texts.js"


class _Article(html.parser.HTMLParser):
    """The words of a page's article."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside, self._skipped = 0, 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._inside += tag == "article"
        self._skipped += tag in ("script", "style", "svg")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "article"
        self._skipped -= tag in ("script", "style", "svg")

    def handle_data(self, data: str) -> None:
        if self._inside and not self._skipped:
            self.words += data.split()


def write_texts(site: Path) -> None:
    """Write the words of all pages of a site, by the path of each."""
    texts = {}
    for path in sorted(site.rglob("*.html")):
        if "_static" not in path.parts:
            article = _Article()
            article.feed(path.read_text("utf-8"))
            texts[path.relative_to(site).as_posix()] = " ".join(article.words)
    content = f"window.TEXTS = {json.dumps(texts, ensure_ascii=False)};\n"
    (site / SCRIPT).write_text(content, "utf-8")
