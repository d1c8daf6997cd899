"""nbgrader's settings: what comes of each in a course of others."""

from collections.abc import Iterator
from typing import NamedTuple

from traitlets.config import Config, LazyConfigValue

from autograder.base.errors import WrongUse

USED, BY_NBGRADER, PASSED_OVER, REFUSED = (
    "used",
    "by nbgrader",
    "passed over",
    "refused",
)
TABLE = """
CourseDirectory | used | autograded_directory course_id db_url directory_structure \
feedback_directory ignore notebook_id source_directory student_id student_id_exclude \
submitted_directory | folders and names; {nbgrader_step} comes first in a structure
CourseDirectory | by nbgrader | groupshared include max_dir_size max_file_size \
release_directory solution_directory source_with_tests_directory |
CourseDirectory | passed over | assignment_id root | the command names them
GenerateAssignment | by nbgrader | create_assignment permissions post_convert_hook \
pre_convert_hook preprocessors | when cells are registered; SaveCells also takes \
cells that came later
GenerateAssignment | passed over | force | registering is always done anew
GenerateAssignment | refused | exporter_class no_database | cells are read from \
what it writes: take it out
IncludeHeaderFooter | by nbgrader | enabled footer header |
InstantiateTests | by nbgrader | autotest_delimiter autotest_filename comment_strs \
enabled enforce_metadata hashed_delimiter sanitizers use_salt |
LockCells | by nbgrader | enabled lock_all_cells lock_grade_cells \
lock_readonly_cells lock_solution_cells |
ClearSolutions | by nbgrader | begin_solution_delimeter code_stub enabled \
end_solution_delimeter enforce_metadata text_stub |
ClearHiddenTests | by nbgrader | begin_test_delimeter enabled end_test_delimeter \
enforce_metadata |
ClearMarkScheme | by nbgrader | begin_mark_scheme_delimeter \
check_attachment_leakage enabled end_mark_scheme_delimeter enforce_metadata |
ClearOutput | by nbgrader | enabled remove_metadata_fields |
ComputeChecksums | by nbgrader | enabled |
SaveCells | by nbgrader | enabled |
CheckCellMetadata | by nbgrader | enabled |
Autograde | used | autograde_preprocessors exclude_overwriting | what follows Execute \
in the list is done
Autograde | by nbgrader | create_student permissions post_convert_hook |
Autograde | passed over | force sanitize_preprocessors | each run grades what changed; \
notebooks are put right in another way (own steps there are refused)
Autograde | refused | exporter_class pre_convert_hook | nothing of the course's runs \
between handing in and execution: take it out, and do that before `grade`
DeduplicateIds | passed over | enabled | always done
OverwriteKernelspec | by nbgrader | enabled |
OverwriteCells | passed over | add_missing_cells enabled missing_cell_notification | \
changed and missing cells are always put back, and named
Execute | used | timeout | seconds of a cell: of computing, and longer by the clock
Execute | used | skip_cells_with_tag | a tag of the course's own cells; tests always \
run
Execute | used | kernel_name | instead of the kernel that a notebook names
Execute | passed over | allow_error_names error_on_timeout execute_retries \
interrupt_on_timeout iopub_timeout ipython_hist_file raise_on_iopub_timeout \
record_timing shell_timeout_interval shutdown_kernel startup_timeout \
store_widget_state | no Jupyter kernel is waited for, and an error ends no notebook
Execute | refused | enabled extra_arguments force_raise_errors kernel_manager_class \
on_cell_complete on_cell_error on_cell_execute on_cell_start \
on_notebook_complete on_notebook_error on_notebook_start timeout_func | notebooks run \
in the sandbox: take it out
IgnorePattern | used | enabled pattern | what matches costs a shared test nothing
LimitOutput | by nbgrader | enabled max_lines max_traceback | after our own limits
SaveAutoGrades | by nbgrader | enabled |
AssignLatePenalties | by nbgrader | enabled plugin_class | tried before anything runs
LateSubmissionPlugin | by nbgrader | penalty_method |
GenerateFeedback | used | preprocessors | own steps are done before a page is made
GenerateFeedback | by nbgrader | permissions post_convert_hook pre_convert_hook |
GenerateFeedback | passed over | exporter_class force | pages are this grader's; \
`nbgrader generate_feedback` makes the others
GetGrades | by nbgrader | display_data_priority enabled |
BaseConverter | by nbgrader | permissions post_convert_hook |
BaseConverter | passed over | force | each run grades what changed
BaseConverter | refused | exporter_class pre_convert_hook | set it for \
GenerateAssignment or GenerateFeedback alone
GenerateSolution | by nbgrader | create_assignment exporter_class force permissions \
post_convert_hook pre_convert_hook preprocessors | its own command
GenerateSourceWithTests | by nbgrader | exporter_class force permissions \
post_convert_hook pre_convert_hook preprocessors | its own command
NbGraderPreprocessor | refused | enabled | it turns off all steps: set it for one
Exchange | used | root |
Exchange | by nbgrader | assignment_dir cache path_includes_course timestamp_format \
timezone | its own commands
ExchangeFactory | by nbgrader | collect exchange fetch_assignment fetch_feedback list \
release_assignment release_feedback submit | its own commands
Authenticator | by nbgrader | plugin_class | its own commands
Validator | by nbgrader | changed_warning failed_warning ignore_checksums indent \
invert passed_warning type_changed_warning validate_all width | its own command
ExportPlugin | by nbgrader | assignment student to | its own command
ExtractorPlugin | by nbgrader | force zip_ext | its own command
FileNameCollectorPlugin | by nbgrader | named_regexp valid_ext | its own command
FormgradeExtension | by nbgrader | debug | its own page
NbGraderAPI | by nbgrader | log_level timestamp_format timezone | its own page
NbGrader | by nbgrader | logfile | its own commands
"""
"""Class, use, its settings, and what there is to say of them."""
SAME = {
    "Assign": "GenerateAssignment",
    "CsvExportPlugin": "ExportPlugin",
    "ExecutePreprocessor": "Execute",
    "Feedback": "GenerateFeedback",
    "NotebookClient": "Execute",
}
"""Other names for a class's settings."""
TEXTS = """
CourseDirectory autograded_directory course_id db_url directory_structure \
feedback_directory notebook_id source_directory student_id student_id_exclude \
submitted_directory
Execute kernel_name skip_cells_with_tag
Exchange root
IgnorePattern pattern
"""
FORMS: dict[tuple[str, str], tuple[type, ...]] = {
    (kind, name): (str,)
    for kind, *names in map(str.split, TEXTS.strip().splitlines())
    for name in names
} | {
    ("CourseDirectory", "ignore"): (list, tuple),
    ("Autograde", "exclude_overwriting"): (dict,),
    ("Execute", "timeout"): (int, float, type(None)),
}
"""What the values of used settings are."""
FIRST = "{nbgrader_step}/"
OF_COMMANDS = ("App", "Exchange")
"""Classes of nbgrader's own commands, whose settings those use alone."""


class Use(NamedTuple):
    """What comes of a setting."""

    how: str
    """`USED`, `BY_NBGRADER` (its own steps, which run here, or its commands),
    `PASSED_OVER` or `REFUSED`."""
    about: str


def uses() -> dict[tuple[str, str], Use]:
    """Return what comes of each setting, by class and name."""
    found = {}
    for line in TABLE.strip().splitlines():
        kind, how, names, about = (part.strip() for part in line.split("|"))
        found |= {(kind, name): Use(how, about) for name in names.split()}
    return found


def use_of(kind: str, name: str) -> Use | None:
    """Return what comes of a setting; None if nbgrader does not know it."""
    known = uses()
    if found := known.get((SAME.get(kind, kind), name)):
        return found
    if kind.endswith(OF_COMMANDS[0]) or kind.startswith(OF_COMMANDS[1]):
        base = "Exchange" if kind.startswith(OF_COMMANDS[1]) else kind
        return known.get((base, name), Use(BY_NBGRADER, "its own commands"))
    return None


def check(where: str, config: Config) -> list[str]:
    """Return sentences on settings that are not followed.

    Parameters
    ----------
    where
        The file that has them.

    Raises
    ------
    WrongUse
        One is refused; the message has all of these.
    """
    refused, passed_over = [], []
    classes = {kind for kind, _ in uses()} | SAME.keys()
    for kind, name, value in _settings(config):
        use = use_of(kind, name)
        if problem := _wrong_form(kind, name, value):
            refused.append(f"{kind}.{name}: {problem}")
        elif use is None and kind in classes:
            passed_over.append(f"{kind}.{name}: nbgrader does not know it")
        elif use and use.how == REFUSED and _is_set(name, value):
            refused.append(f"{kind}.{name}: {use.about}")
        elif use and use.how == PASSED_OVER and name != "sanitize_preprocessors":
            passed_over.append(f"{kind}.{name}: {use.about}")
    structure = config.CourseDirectory.get("directory_structure", FIRST)
    if isinstance(structure, str) and not structure.startswith(FIRST):
        refused.append(
            f"CourseDirectory.directory_structure: it has to begin with {FIRST}"
        )
    if refused:
        raise WrongUse(
            f"{where}: found what this grader does not do, expected none; nothing was "
            f"graded. {'; '.join(refused)}."
        )
    return [f"{where}: not followed: {text}" for text in passed_over]


def _wrong_form(kind: str, name: str, value: object) -> str:
    """Say that a setting's value is of another form; not which: it may be a secret."""
    forms = FORMS.get((SAME.get(kind, kind), name))
    if forms is None or isinstance(value, (*forms, LazyConfigValue)):
        return ""
    return f"found {type(value).__name__}, expected {forms[0].__name__}"


def _is_set(name: str, value: object) -> bool:
    """Whether a setting says what nothing would say: steps are enabled anyway."""
    return not value if name == "enabled" else bool(value)


def _settings(config: Config) -> Iterator[tuple[str, str, object]]:
    for kind, settings in sorted(config.items()):
        for name, value in sorted(settings.items()):
            yield kind, name, value


def table() -> str:
    """Return all of it as a table in Markdown."""
    lines = ["| of nbgrader's | settings | what comes of them |", "|---|---|---|"]
    for line in TABLE.strip().splitlines():
        kind, how, names, about = (part.strip() for part in line.split("|"))
        listed = ", ".join(f"`{name}`" for name in names.split())
        lines.append(f"| `{kind}` | {listed} | {how}{': ' if about else ''}{about} |")
    return "\n".join(lines) + "\n"
