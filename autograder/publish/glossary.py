"""Glossary: words with their meaning, and the places of the lessons that use them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from myst_parser.slugs import github_slugify

from autograder.base.errors import SourceError
from autograder.model.lesson import Lesson

ENTRY = re.compile(r"^## (?P<word>.+)\n+(?P<meaning>(?:(?!## ).*\n)+)", re.MULTILINE)
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Where a lesson first uses a word."""

    lesson: str
    heading: str
    """Empty above the first heading."""
    is_bold: bool
    """Whether it introduces the word."""

    @property
    def link(self) -> str:
        """A Markdown link from a page beside `lessons/`."""
        anchor = f"#{github_slugify(self.heading)}" if self.heading else ""
        return f"[{self.lesson[:2]}](lessons/{self.lesson}.ipynb{anchor})"


class Glossary:
    """The written glossary with the places of its words in the lessons.

    Raises
    ------
    SourceError
        No lesson uses one of the words.
    """

    def __init__(self, written: str, lessons: list[Lesson]) -> None:
        self._written = written
        self._places = {
            match["word"]: list(_places(match["word"], lessons))
            for match in ENTRY.finditer(written)
        }
        unused = [word for word, places in self._places.items() if not places]
        if unused:
            raise SourceError(
                f"site/glossary.md: no lesson uses {', '.join(unused)}; remove the "
                "entry or write the word as the lessons do."
            )

    @property
    def page(self) -> str:
        """The glossary with links to the lessons below each meaning."""

        def with_links(entry: re.Match) -> str:
            links = ", ".join(place.link for place in self._places[entry["word"]])
            return f"{entry[0].rstrip()}\n\n*Lessons:* {links}\n\n"

        return ENTRY.sub(with_links, self._written)

    def new_words(self, lesson: Lesson) -> list[str]:
        """Return the words that a lesson introduces, as links from its page."""
        return [
            f"[{word}](../glossary.md#{github_slugify(word)})"
            for word, places in self._places.items()
            if min(places, key=lambda p: not p.is_bold).lesson == lesson.name
        ]


def _places(word: str, lessons: list[Lesson]) -> Iterator[Place]:
    use = re.compile(rf"(?<![\w-])(\*\*)?{re.escape(word)}(s|es)?(?![\w-])", re.I)
    for lesson in lessons:
        text = "\n\n".join(c.source for c in lesson.cells if c.role == "text")
        uses = list(use.finditer(text))
        if uses:
            first = next((u for u in uses if u[1]), uses[0])
            above = HEADING.findall(text[: text.find("\n", first.end())])
            heading = re.sub(r"[*`$]", "", above[-1]) if above else ""
            yield Place(lesson.name, heading, bool(first[1]))
