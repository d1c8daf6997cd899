"""Cells run in a fork show what a Jupyter kernel shows."""

import json
import os
import re
import subprocess
import sys
import warnings

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.sealed.student import shell as module
from tests.support.sealed.shell import Ran, Student

# One kernel for all of them.
pytestmark = [pytest.mark.xdist_group("ipython"), pytest.mark.kernel]
# What a student may write, in the order of a notebook: later cells use earlier ones.
CELLS = [
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\n1 + 1",
    "_ + 1",
    "Out[1], In[1], _1, _i",
    "x = 3; x;",
    "from IPython.display import *\ndisplay(HTML('<b>b</b>'))\nHTML('<i>i</i>')",
    "display(JSON({'a': [1, 2.5, None]}), Markdown('**m**'), Latex('$x$'))",
    "handle = display('one', display_id='k')\nhandle.update('two')",
    "handle.update('three')",
    "print('gone')\nclear_output()\nprint('kept')",
    "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "def inverse(z):\n    return 1 / z\ninverse(0)",
    "x = (",
    "def g():\nreturn 1",
    "raise SystemExit('bye')",
    "raise KeyboardInterrupt",
    "assert 1 == 2, 'one is not two'",
    "try:\n    {}['k']\nexcept KeyError as e:\n    raise RuntimeError('outer') from e",
    "raise ExceptionGroup('several', [ValueError(1)])",
    "class Bad:\n    def __repr__(self):\n        raise ValueError('no repr')\nBad()",
    "%time 1 + 1",
    "%%time\ny = 2\ny",
    "%timeit -n 1 -r 1 y + 1",
    "%%capture cap\nprint('hidden')\ndisplay('hidden too')",
    "cap.stdout, len(cap.outputs)",
    "!echo hi && echo oops >&2",
    "lines = !echo a; echo b\nlines",
    "%env HOME_GROWN=1",
    "%nosuchmagic",
    "len?",
    "import asyncio\nawait asyncio.sleep(0)\n'slept'",
    "task = asyncio.create_task(asyncio.sleep(0, 'later'))",
    "await task",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\n"
    "fig, ax = plt.subplots(figsize=(2, 1))\nax.plot([1, 2]);",
    "plt.get_fignums(), plt.isinteractive(), plt.get_backend()",
    "%config InlineBackend.figure_format = 'retina'\nplt.figure(figsize=(2, 1))\n"
    "plt.plot([2, 1])\nplt.show()\nprint('shown')",
    "plt.figure(figsize=(2, 1)); plt.title('$\\\\bad{$');",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
    "from plotnine import ggplot, aes, geom_point, theme\n"
    "d = pd.DataFrame({'x': [1, 2], 'y': [3, 4]})\n"
    "ggplot(d, aes('x', 'y')) + geom_point() + theme(figure_size=(2, 1))",
    "import ipywidgets\nipywidgets.IntSlider(3)",
    "from dataclasses import dataclass\nimport pickle, inspect\n@dataclass\nclass P:\n"
    "    a: int\nprint(pickle.loads(pickle.dumps(P(1))), __name__, P.__module__)\n"
    "print(inspect.getsource(inverse))",
    "import warnings\nwarnings.warn('careful')",
    "import logging\nlogging.getLogger('me').warning('logged')",
    "display({'text/plain': 'raw', 'application/x+json': {'b': b'xy', 't': (1, 2)}},"
    " raw=True)",
    "get_ipython().run_cell('print(5)\\n6').result",
    "type(get_ipython()).__name__, '__file__' in dir()",
    "%%writefile own.py\ndef hello(): return 'own'",
    "import own\nown.hello()",
    "import json\ndef down(n):\n    down(n - 1) if n else json.loads('{')\ndown(40)",
    "class Layer:\n    def forward(self):\n        return [inverse(z) for z in (1, 0)]",
    "try:\n    Layer().forward()\nexcept ZeroDivisionError:\n    (lambda: [][3])()",
    "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))",
    "exec('def made():\\n    return missing')\nmade()",
    "def long():\n" + "    1\n" * 30 + "    raise OSError\nlong()",
]


def _receive(ran: list[Ran]) -> list[list[dict]]:
    """Turn events into outputs of cells by the rules of the module's docstring."""
    cells, displays = [], {}
    for cell in ran:
        outputs, clears = [], False
        for event in cell.events:
            name = event.get("transient", {}).get("display_id")
            kept = {key: event[key] for key in event if key != "transient"}
            if event["output_type"] == "clear_output":
                clears = event["wait"]
                outputs = outputs if clears else []
            elif event["output_type"] == "update_display_data":
                for earlier in displays[name]:
                    earlier.update(data=kept["data"], metadata=kept["metadata"])
            else:
                outputs, clears = [] if clears else outputs, False
                outputs.append(kept)
                displays.setdefault(name, []).append(kept)
        cells.append(outputs)
    return cells


VARYING = {
    r"\x1b\[[0-9;]*m": "",
    r"\r\n": "\n",
    r"0x[0-9a-f]+|[0-9a-f]{32}": "ADDRESS",
    r"(/tmp/ipykernel_\d+/)?\d{5,}\.py": "CELL",
    r"[\d.]+(e[+-]\d+)? (ns|us|µs|μs|ms|s)\b": "TIME",
    r"(?<=File )\S+/(?=\w+/\w+\.py:)": "",  # the two have homes of their own
    r"\n  warn\(\"To exit.*": "",  # plotnine, once imported, shows no source line
}


def _normalised(value: object) -> object:
    """Make equal what differs from run to run; of an image only the size counts."""
    if isinstance(value, dict):
        same = {key: _normalised(item) for key, item in value.items()}
        if "image/png" in same:
            same["image/png"] = len(same["image/png"])
        return same
    if isinstance(value, list):
        return [_normalised(item) for item in value]
    for pattern, word in VARYING.items() if isinstance(value, str) else ():
        value = re.sub(pattern, word, value)
    return value


def _comparable(outputs: list[dict]) -> list[dict]:
    """Join each stream's pieces: a kernel's two streams race each other."""
    joined: list[dict] = []
    streams: dict[str, dict] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            joined.append(output)
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = dict(output)
    return _normalised([*joined, *(streams[name] for name in sorted(streams))])


@pytest.fixture(scope="module")
def kernel_cells(tmp_path_factory) -> list[dict]:
    """Run `CELLS` in a real kernel."""
    folder = tmp_path_factory.mktemp("kernel")
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook, timeout=120, allow_errors=True, resources=where, kernel_name="python3"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jupyter's own, not this project's
        client.execute(env={**os.environ, "IPYTHONDIR": str(folder / "ipython")})
    return json.loads(json.dumps(notebook.cells))


@pytest.fixture(scope="module")
def shell_cells(tmp_path_factory) -> list[Ran]:
    """Run them in a shell, in a fork of a process that was warmed up."""
    import matplotlib.pyplot  # noqa: F401 - as a template would
    import plotnine  # noqa: F401

    module.warm_up()
    return Student(tmp_path_factory.mktemp("shell")).run(*CELLS)


@pytest.mark.parametrize("number", range(len(CELLS)), ids=lambda n: CELLS[n][:24])
def test_a_cell_shows_what_a_kernel_shows(kernel_cells, shell_cells, number):
    kernel, ours = kernel_cells[number], shell_cells[number]
    outputs = _receive(shell_cells)[number]
    assert _comparable(outputs) == _comparable(kernel["outputs"])
    assert ours.execution_count == kernel["execution_count"]


def test_the_status_says_what_the_outputs_say(shell_cells):
    for source, ran in zip(CELLS, shell_cells, strict=True):
        if "error" in ran.kinds:
            expected = "interrupted" if "KeyboardInt" in source else "error"
            assert ran.status == expected, source
    assert shell_cells[CELLS.index("%nosuchmagic")].status == "error"
    assert [ran.status for ran in shell_cells[:10]] == ["ok"] * 10


def test_outputs_are_valid_in_a_notebook_file(shell_cells):
    cells = [
        nbformat.v4.new_code_cell(source, outputs=outputs)
        for source, outputs in zip(CELLS, _receive(shell_cells), strict=True)
    ]
    nbformat.validate(nbformat.v4.new_notebook(cells=cells))


PREPARES = """
import builtins, os, sys
from autograder.sealed.student.shell import warm_up
seen = lambda: [sorted(vars(builtins)), dict(os.environ), id(sys.modules["__main__"]),
    sys.stdout, sys.displayhook, sys.excepthook, os.listdir()]
before = seen()
warm_up()
after = seen()
print([b for b, a in zip(before, after) if b != a])
from IPython import get_ipython
print(get_ipython())
"""


def test_a_process_that_prepares_a_shell_is_no_notebook(tmp_path):
    command = [sys.executable, "-c", PREPARES]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.stdout.split() == ["[]", "None"], ran.stderr


def test_a_prepared_shell_works_in_the_folder_of_its_notebook(tmp_path):
    here = f"os.getcwd() == str(_dh[0]) == {str(tmp_path / 'work')!r}"
    (ran,) = Student(tmp_path).run(f"import os\n{here} and len(_dh)")
    (shown,) = _receive([ran])[0]
    assert shown["data"]["text/plain"] == "1"
