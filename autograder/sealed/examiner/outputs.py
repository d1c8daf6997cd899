"""What a cell shows: collected as it streams, counted in bytes, cut at a limit."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

# Figures are larger than text, and base64 makes them larger still.
DISPLAY_FACTOR = 16
NOTEBOOK_FACTOR = 4
FLOOD_FACTOR = 64
"""A cell that offers so many times its limit of text will not stop by itself."""
MOST_ERRORS = 10
UPDATED = "updated_later"
"""In the metadata of a display: code of another cell has put it in one's place."""
LEAST_COST = 200
"""Bytes that the smallest output takes in a file."""

_MIME_TYPE = re.compile(r"[a-zA-Z0-9]+/[a-zA-Z0-9+.-]+")
_JSON_TYPE = re.compile(r"application/(.*\+)?json")
_PICTURE_TYPE = re.compile(r"image/(?!svg).*|application/pdf")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


@dataclass
class Room:
    """Bytes of text and of displays that may still be shown."""

    text: int
    displays: int

    @classmethod
    def of_a_cell(cls, limit_bytes: int) -> Room:
        """Return the room of one cell."""
        return cls(limit_bytes, DISPLAY_FACTOR * limit_bytes)

    @classmethod
    def of_a_notebook(cls, limit_bytes: int) -> Room:
        """Return the room of all cells of a notebook together."""
        return cls.of_a_cell(NOTEBOOK_FACTOR * limit_bytes)


class Outputs:
    """Outputs of one cell in nbformat 4, never more than a limit.

    Parameters
    ----------
    limit_bytes
        Most text of streams and errors; displays may have `DISPLAY_FACTOR` times it.
    displays
        Displays of the whole notebook that have an id, which later cells may update.
    notebook
        What the whole notebook may still show; its own if not given.
    """

    def __init__(
        self,
        limit_bytes: int,
        displays: dict[str, list[dict]],
        notebook: Room | None = None,
    ) -> None:
        self.found: list[dict] = []
        self._limit = limit_bytes
        self._rooms = (
            Room.of_a_cell(limit_bytes),
            notebook or Room.of_a_notebook(limit_bytes),
        )
        self._displays = displays
        self._errors = 0
        self._offered = 0
        self._clears_next = False
        self._was_cut = False

    @property
    def flood_mib(self) -> float:
        """What the cell has printed in MiB if that is far too much, else 0."""
        is_flood = self._offered > FLOOD_FACTOR * self._limit
        return self._offered / 2**20 if is_flood else 0.0

    def add(self, output: object) -> None:
        """Take one output from the student's side; what is malformed is dropped."""
        if not isinstance(output, dict):
            return
        kind = output.get("output_type")
        if kind == "clear_output":
            self._clears_next = bool(output.get("wait"))
            if not self._clears_next:
                self.found.clear()
            return
        if self._clears_next:
            self.found.clear()
            self._clears_next = False
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            self.add_text(name, str(output.get("text", "")))
        elif kind == "error":
            self._take_error(output)
        elif kind in ("display_data", "execute_result", "update_display_data"):
            self._add_display(kind, output)

    def add_text(self, name: str, text: str) -> None:
        """Take text of a stream; pieces of one stream are joined."""
        self._offered += len(text)
        text = encodable(text[: self._text_left])[: self._text_left]
        last = self.found[-1] if self.found else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self._pay("text", LEAST_COST)
            self.found.append({"output_type": "stream", "name": name, "text": text})
        self._pay("text", len(text.encode()))
        if self._text_left <= 0:
            self._cut()

    def add_error(self, name: str, text: str, traceback: list[str]) -> None:
        """Add an error of the examiner's, which ends with its name and text."""
        last = f"{name}: {text}" if text else name
        lines = "\n".join([*traceback, last])[: self._limit]
        self._append_error(name, text, lines)

    def show_as_a_test(self) -> None:
        """Keep student code from deciding a test by what it showed meanwhile.

        nbgrader takes the first result of a test cell for its score, and fails
        whatever has an error or says `stderr`.
        """
        for output in self.found:
            kind = output["output_type"]
            if kind == "stream":
                output["name"] = "stdout"
            elif kind == "execute_result":
                output["output_type"] = "display_data"
                del output["execution_count"]
            elif kind == "error":
                text = "\n".join(output["traceback"]) + "\n"
                output.clear()
                output.update(output_type="stream", name="stdout", text=text)

    @property
    def _text_left(self) -> int:
        return max(0, min(room.text for room in self._rooms))

    def _pay(self, kind: str, size: int) -> bool:
        """Take room for an output; tell whether there was enough."""
        for room in self._rooms:
            setattr(room, kind, getattr(room, kind) - size)
        return all(getattr(room, kind) >= 0 for room in self._rooms)

    def _cut(self) -> None:
        if not self._was_cut:
            self._was_cut = True
            note = (
                f"\n[output cut: more than {self._limit // 1024} KiB in this cell, or"
                f" {NOTEBOOK_FACTOR} times as much in the notebook]\n"
            )
            self.found.append({"output_type": "stream", "name": "stdout", "text": note})

    def _take_error(self, output: dict) -> None:
        """Take an error of the student's; its name fits even when nothing else does."""
        self._errors += 1
        if self._errors > MOST_ERRORS:
            self._cut()
            return
        lines = output.get("traceback")
        lines = lines if isinstance(lines, list) else []
        traceback = "\n".join(str(line) for line in lines)[: self._text_left]
        self._pay("text", len(traceback))
        self._append_error(
            str(output.get("ename")), str(output.get("evalue")), traceback
        )

    def _append_error(self, name: str, text: str, traceback: str) -> None:
        self.found.append(
            {
                "output_type": "error",
                "ename": encodable(name)[:200],
                "evalue": encodable(text)[:2_000],
                "traceback": encodable(traceback).split("\n"),
            }
        )

    def _add_display(self, kind: str, output: dict) -> None:
        data = _display_data(output.get("data"))
        transient = output.get("transient")
        name = transient.get("display_id") if isinstance(transient, dict) else None
        earlier = self._displays.get(str(name), [])
        copies = len(earlier) if kind == "update_display_data" else 1
        if not self._pay("displays", copies * (len(json.dumps(data)) + LEAST_COST)):
            self._cut()
            return
        if kind == "update_display_data":
            for display in earlier:
                display["data"] = data
                if not any(display is own for own in self.found):
                    display["metadata"] = {UPDATED: True}
            return
        made = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            made["execution_count"] = None
        self.found.append(made)
        if name is not None:
            self._displays.setdefault(str(name), []).append(made)


def encodable(text: str) -> str:
    """Replace lone surrogates, which no file can hold, by what they are called."""
    return text.encode("utf-8", "backslashreplace").decode()


def _display_data(data: object) -> dict[str, object]:
    """Return the parts of display data that a notebook may hold."""
    if not isinstance(data, dict):
        return {}
    flat = {
        kind: value
        for kind, value in data.items()
        if isinstance(kind, str)
        and _MIME_TYPE.fullmatch(kind)
        and _is_of_kind(kind, value)
    }
    # Through JSON once, for text that is no text.
    return json.loads(json.dumps(flat, ensure_ascii=False).encode("utf-8", "replace"))


def _is_of_kind(kind: str, value: object) -> bool:
    if _JSON_TYPE.fullmatch(kind):
        return False  # no page shows it, and it can be of any width and depth
    lines = value if isinstance(value, list) else [value]
    if not all(isinstance(line, str) for line in lines):
        return False
    # A page shows a picture's text as part of its address.
    return not _PICTURE_TYPE.fullmatch(kind) or all(map(_BASE64.fullmatch, lines))
