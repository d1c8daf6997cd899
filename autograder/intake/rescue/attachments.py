"""Attachments: pictures that students paste into what they write.

Jupyter and VS Code keep them in the cell, in base64, and Colab in its text. Pictures
alone are kept, each as what its content is, of a size that pages and mail can carry.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.base.names import shown
from autograder.base.pictures import decoded, encoded, kind_of

LARGEST_MIB = 4
"""Of one picture: a photograph as telephones take it."""
LARGEST_TOTAL_MIB = 10
"""Of all pictures of a notebook."""
MOST = 40
"""Pictures of a notebook."""
LONGEST_NAME = 200
PASTED = re.compile(r"data:image/(png|jpeg|gif);base64,([A-Za-z0-9+/=]+)")


def taken_out(text: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Take the pictures out of a text, where Colab puts them; attach them instead.

    Returns
    -------
    The text, which names them; and them, as attachments.
    """
    found: dict[str, dict[str, str]] = {}

    def named(picture: re.Match) -> str:
        name = f"pasted-{len(found) + 1}.{picture[1]}"
        found[name] = {f"image/{picture[1]}": picture[2]}
        return f"attachment:{name}"

    return PASTED.sub(named, text), found


@dataclass
class Album:
    """The pictures of one notebook, as they are read."""

    bytes_left: int = LARGEST_TOTAL_MIB * 2**20
    left: int = MOST

    def kept(self, attachments: object) -> tuple[dict[str, dict[str, str]], list[str]]:
        """Return what a cell may keep of its attachments, and why not the others.

        Parameters
        ----------
        attachments
            As a submitted file has them: anything that JSON can say.
        """
        if not isinstance(attachments, dict):
            return {}, []
        found, problems = {}, []
        for name, versions in attachments.items():
            picture, problem = self._picture(versions)
            if picture and len(name) <= LONGEST_NAME:
                found[name.encode("utf-8", "replace").decode()] = picture
            else:
                why = problem or "its name is too long"
                problems.append(f"{shown(name[:LONGEST_NAME])}: {why}")
            if self.left <= 0:
                problems.append(f"more than {MOST} pictures in the notebook")
                break
        return found, problems

    def _picture(self, versions: object) -> tuple[dict[str, str] | None, str]:
        """Return the first version of an attachment that is a picture, or why none."""
        self.left -= 1
        problem = "no picture in PNG, JPEG or GIF"
        for text in _texts(versions):
            size = len(text) * 3 // 4
            content = decoded(text) if size <= LARGEST_MIB * 2**20 + 4 else b""
            kind = kind_of(content)
            if not content and size > LARGEST_MIB * 2**20:
                problem = f"{size / 2**20:.1f} MiB, expected at most {LARGEST_MIB}"
            elif kind and size > self.bytes_left:
                problem = f"all pictures take more than {LARGEST_TOTAL_MIB} MiB"
            elif kind:
                self.bytes_left -= size
                return {kind: encoded(content)}, ""
        return None, problem


def _texts(versions: object) -> Iterator[str]:
    for value in versions.values() if isinstance(versions, dict) else ():
        lines = value if isinstance(value, list) else [value]
        if all(isinstance(line, str) for line in lines):
            yield "".join(lines)
