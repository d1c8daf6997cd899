"""The three lists of packages say the same, and hold what the course promises."""

import re
import tomllib

import yaml

from autograder.base.paths import ROOT

DESIGN_CARD = {
    "numpy",
    "pandas",
    "matplotlib",
    "plotnine",
    "scikit-learn",
    "tensorflow",
    "nbgrader",
    "pytest",
}
CONDA_NAMES = {"matplotlib-base": "matplotlib"}


def requirements(lines: list[str]) -> dict[str, str]:
    """Return the versions asked for, by package."""
    split = [re.match(r"([\w.-]+)(?:\[.*\])?(.*)", line).groups() for line in lines]
    return {CONDA_NAMES.get(name, name): versions.strip() for name, versions in split}


def project() -> dict[str, str]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = table["optional-dependencies"]
    wanted = [*table["dependencies"], *(p for extra in extras.values() for p in extra)]
    return requirements(wanted)


def conda() -> dict[str, str]:
    file = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *listed, from_pip = file["dependencies"]
    own = [line for line in from_pip["pip"] if line != "-e ."]
    return requirements(listed + own)


def lock() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))


def test_every_package_of_the_design_card_is_required():
    assert project().keys() >= DESIGN_CARD


def test_conda_users_get_the_same_packages_and_versions():
    expected = project() | {"python": ">=3.11,<3.14"}
    found = conda()
    found.pop("pip")
    assert found == expected


def test_the_python_version_is_the_same_everywhere():
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert conda()["python"] == table["requires-python"]


def test_every_requirement_is_locked_at_a_version_that_it_allows():
    locked = lock()
    for name, wanted in project().items():
        least = re.search(r">=([\d.]+)", wanted).group(1)
        found = locked[name]
        assert _numbers(found) >= _numbers(least), f"{name} {found} < {least}"


def test_every_locked_package_has_hashes_and_no_index_is_named():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 100
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
