"""Notebooks as a dozen programs save them: what is around and beside the cells."""

import json
from collections.abc import Callable

Form = Callable[[dict], None]
KINDS = {"python3": "Python 3", "conda-env-ml-py": "ml", "python": "Python (Pyodide)"}
TIMES = {
    "iopub.execute_input": "2026-03-01T12:00:00.000000Z",
    "shell.execute_reply": "2026-03-01T12:00:00.010000Z",
}


def kernel(notebook: dict, name: str, shown: str = "", **more: object) -> None:
    """Say which kernel ran it."""
    spec = {"name": name, "display_name": shown or KINDS.get(name, name)}
    notebook["metadata"] = {"kernelspec": spec, **more}


def without_ids(notebook: dict, minor: int) -> None:
    """Save in a format that has no ids of cells."""
    notebook["nbformat_minor"] = minor
    for cell in notebook["cells"]:
        del cell["id"]


def joined(notebook: dict) -> None:
    """Save sources and texts as one string each."""
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])


def add_to_displays(notebook: dict, kind: str, content: object) -> None:
    """Have each display in one more form."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if "data" in output:
                output["data"][kind] = content


def of_cells(notebook: dict, **more: object) -> None:
    """Add something to each cell's metadata."""
    for cell in notebook["cells"]:
        cell["metadata"] |= more


def colab(notebook: dict) -> None:
    """Google Colab: a link first, who ran it and when, tables that can be sorted."""
    person = {"displayName": "Ann", "userId": "07"}
    info = {"executionInfo": {"status": "ok", "elapsed": 3, "user": person}}
    of_cells(notebook, id="oQhE3", outputId="5b2d", colab={"height": 34}, **info)
    kernel(notebook, "python3", colab={"provenance": []}, accelerator="GPU")
    intrinsic = {"type": "dataframe", "summary": "{}"}
    add_to_displays(
        notebook, "application/vnd.google.colaboratory.intrinsic+json", intrinsic
    )
    without_ids(notebook, 0)


def vscode(notebook: dict) -> None:
    """Visual Studio Code: the environment's name, the language of each cell."""
    of_cells(notebook, vscode={"languageId": "python"})
    version = {"name": "python", "version": "3.10.12", "nbconvert_exporter": "python"}
    kernel(notebook, "python3", ".venv (3.10.12)", language_info=version)


def old_vscode(notebook: dict) -> None:
    """Visual Studio Code of 2021."""
    kernel(notebook, "python3", "base", orig_nbformat=2)
    without_ids(notebook, 2)


def deepnote(notebook: dict) -> None:
    """Deepnote: no kernel, names of its own, tables as it shows them."""
    notebook["metadata"] = {
        "deepnote_notebook_id": "a1",
        "deepnote_execution_queue": [],
    }
    of_cells(
        notebook,
        cell_id="00001",
        source_hash="b623e53d",
        deepnote_to_be_reexecuted=False,
    )
    for cell in notebook["cells"]:
        text = cell["cell_type"] != "code"
        cell["metadata"]["deepnote_cell_type"] = "text-cell-h2" if text else "code"
    table = {"column_count": 1, "rows": []}
    add_to_displays(notebook, "application/vnd.deepnote.dataframe.v3+json", table)
    joined(notebook)


def kaggle(notebook: dict) -> None:
    """Kaggle: counts in cells of text, its own block."""
    block = {"accelerator": "none", "dataSources": [], "isInternetEnabled": True}
    kernel(notebook, "python3", kaggle=block)
    of_cells(notebook, trusted=True, execution=TIMES, _uuid="8f2839f2")
    for cell in notebook["cells"]:
        cell["execution_count"] = None
    without_ids(notebook, 4)


def dataspell(notebook: dict) -> None:
    """PyCharm and DataSpell: an old Python by name, keys in another order."""
    old = {"name": "python", "version": "2.7.6", "pygments_lexer": "ipython2"}
    kernel(notebook, "python3", language_info=old)
    of_cells(
        notebook, pycharm={"name": "#%%\n", "is_executing": False}, collapsed=False
    )
    notebook["cells"] = [dict(reversed(cell.items())) for cell in notebook["cells"]]
    without_ids(notebook, 0)


def notebook7(notebook: dict) -> None:
    """Jupyter Notebook 7 and JupyterLab: times, and the state of widgets."""
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {}}}}
    kernel(notebook, "python3", widgets=state)
    of_cells(notebook, execution=TIMES, editable=True, slideshow={"slide_type": ""})


def nbclassic(notebook: dict) -> None:
    """Jupyter's classic notebook with extensions."""
    toc = {"number_sections": True, "toc_position": {}}
    kernel(notebook, "conda-env-ml-py", toc=toc, varInspector={"cols": {}})
    of_cells(
        notebook, collapsed=True, scrolled=True, heading_collapsed=True, hidden=True
    )
    without_ids(notebook, 4)


def sagemaker(notebook: dict) -> None:
    """SageMaker Studio: the machines that there are, tags."""
    kernel(notebook, "conda-env-ml-py", availableInstances=[{"name": "ml.t3.medium"}])
    of_cells(notebook, tags=[])


def databricks(notebook: dict) -> None:
    """Databricks: a block of its own in each cell, and no kernel."""
    own = "application/vnd.databricks.v1+"
    notebook["metadata"] = {f"{own}notebook": {"language": "python"}}
    of_cells(notebook, **{f"{own}cell": {"inputWidgets": {}, "nuid": "1"}})
    without_ids(notebook, 0)


def cocalc(notebook: dict) -> None:
    """CoCalc: short ids, the time of each cell."""
    kernel(notebook, "python3", cocalc={"last_runtime": {}})
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"{number:06x}"
        cell["metadata"]["cocalc"] = {"outputs": {}}
    joined(notebook)


def jupyterlite(notebook: dict) -> None:
    """JupyterLite: Python in the browser."""
    kernel(notebook, "python", language_info={"name": "python", "version": "3.11"})
    of_cells(notebook, trusted=True)


FORMS: dict[str, Form] = {
    form.__name__: form
    for form in (
        colab,
        vscode,
        old_vscode,
        deepnote,
        kaggle,
        dataspell,
        notebook7,
        nbclassic,
        sagemaker,
        databricks,
        cocalc,
        jupyterlite,
    )
}


def saved(notebook: dict, form: Form) -> bytes:
    """Return the file that a program makes of a notebook in JSON."""
    copied = json.loads(json.dumps(notebook))
    form(copied)
    if form is colab:  # in one line, what is around the cells first
        return json.dumps(dict(reversed(copied.items()))).encode()
    return json.dumps(copied, indent=1, ensure_ascii=form is kaggle).encode()
