"""What a cell shows: collected as it streams, counted in bytes, cut at a limit."""

from __future__ import annotations

import json

# Figures are larger than text, and base64 makes them larger still.
DISPLAY_FACTOR = 16


class Outputs:
    """Outputs of one cell in nbformat 4, never more than a limit.

    Parameters
    ----------
    limit_bytes
        Most text of streams and errors; displays may have `DISPLAY_FACTOR` times it.
    displays
        Displays of the whole notebook that have an id, which later cells may update.
    """

    def __init__(self, limit_bytes: int, displays: dict[str, list[dict]]) -> None:
        self.found: list[dict] = []
        self._text_left = limit_bytes
        self._display_left = DISPLAY_FACTOR * limit_bytes
        self._limit = limit_bytes
        self._displays = displays
        self._clears_next = False
        self._was_cut = False

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
            self._add_error(output)
        elif kind in ("display_data", "execute_result", "update_display_data"):
            self._add_display(kind, output)

    def add_text(self, name: str, text: str) -> None:
        """Take text of a stream; pieces of one stream are joined."""
        text = text[: self._text_left]
        self._text_left -= len(text.encode("utf-8", "replace"))
        last = self.found[-1] if self.found else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self.found.append({"output_type": "stream", "name": name, "text": text})
        if self._text_left <= 0:
            self._cut()

    def _cut(self) -> None:
        if not self._was_cut:
            self._was_cut = True
            note = f"\n[output cut: more than {self._limit // 1024} KiB in this cell]\n"
            self.found.append({"output_type": "stream", "name": "stdout", "text": note})

    def add_error(self, name: str, text: str, traceback: list[str]) -> None:
        """Add an error that ends with its name and text."""
        last = f"{name}: {text}" if text else name
        self._add_error(
            {"ename": name, "evalue": text, "traceback": [*traceback, last]}
        )

    def call_all_stdout(self) -> None:
        """Make every stream one of stdout."""
        for output in self.found:
            if output["output_type"] == "stream":
                output["name"] = "stdout"

    def _add_error(self, output: dict) -> None:
        lines = output.get("traceback")
        lines = lines if isinstance(lines, list) else []
        traceback = "\n".join(str(line) for line in lines)[: self._limit]
        self.found.append(
            {
                "output_type": "error",
                "ename": str(output.get("ename"))[:200],
                "evalue": str(output.get("evalue"))[:2_000],
                "traceback": traceback.split("\n"),
            }
        )

    def _add_display(self, kind: str, output: dict) -> None:
        data = output.get("data")
        if not isinstance(data, dict):
            return
        data = {str(kind): value for kind, value in data.items()}
        self._display_left -= len(json.dumps(data))
        if self._display_left < 0:
            self._cut()
            return
        transient = output.get("transient")
        name = transient.get("display_id") if isinstance(transient, dict) else None
        if kind == "update_display_data":
            for earlier in self._displays.get(str(name), []):
                earlier["data"] = data
            return
        made = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            made["execution_count"] = None
        self.found.append(made)
        if name is not None:
            self._displays.setdefault(str(name), []).append(made)
