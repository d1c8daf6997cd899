"""Run cells of another language: a Jupyter kernel inside the student's sandbox.

Stands in the place of `shell.Shell`. The kernel is a child of the student process, in
the same sandbox and under the same limits; the two talk over a loopback that nothing
else is on.
"""

from __future__ import annotations

import json
import os
import queue
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from subprocess import DEVNULL

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbformat.v4 import output_from_msg

START_S = 60
LOOK_S = 0.5
SHOWN = {"stream", "display_data", "execute_result", "error"}


class KernelShell:
    """A kernel that runs cells; its process ends with this one.

    Parameters
    ----------
    working_folder
        Folder of the notebook; becomes the current directory.
    emit
        Gets each output while the cell runs.
    kernel
        Its name, language, argv and env, as `engine.Job` has them.
    """

    namespace: Mapping[str, object] = {}
    """Nothing of the kernel can be asked for by name: its tests run shared."""
    capturing = nullcontext

    def __init__(
        self, working_folder: Path, emit: Callable[[dict], None], kernel: dict
    ) -> None:
        os.chdir(working_folder)
        self._emit = emit
        specs = Path(os.environ["JUPYTER_DATA_DIR"]) / "kernels"
        spec = specs / "asked" / "kernel.json"
        spec.parent.mkdir(parents=True, exist_ok=True)
        shown = {"display_name": kernel["name"]}
        spec.write_text(json.dumps(kernel | shown), "utf-8")
        self._manager = KernelManager(
            kernel_name="asked",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(specs)]),
            ip="127.0.0.1",
        )
        # What cells print comes as messages; this is what the kernel says of itself.
        self._manager.start_kernel(stdout=DEVNULL, stderr=DEVNULL)
        self._client: BlockingKernelClient = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=START_S)

    def run_cell(self, source: str) -> str:
        """Run one cell and return "ok", "error" or "interrupted"."""
        try:
            return self._run(source)
        except KeyboardInterrupt:
            self._manager.interrupt_kernel()
            return "interrupted"

    def _run(self, source: str) -> str:
        number = self._client.execute(source, allow_stdin=False, stop_on_error=False)
        found = "ok"
        while True:
            try:
                message = self._client.get_iopub_msg(timeout=LOOK_S)
            except queue.Empty:
                if not self._manager.is_alive():
                    os._exit(1)  # as a student's Python would: the examiner sees it
                continue
            if message["parent_header"].get("msg_id") != number:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return found
            if kind in SHOWN:
                self._emit(output_from_msg(message))
                found = "error" if kind == "error" else found
