"""The workflow that checks each push of a student's repository, on GitHub."""

WORKFLOW = ".github/workflows/check.yml"
CHECK = """\
# Runs the visible checks of every notebook that somebody has begun, at each push, and
# shows what they say on the page of the run. Hidden checks run when work is graded.
name: Check

on: [push, workflow_dispatch]

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
          cache: pip
          cache-dependency-path: requirements.lock
      - name: Install
        run: python -m pip install --quiet --require-hashes -r requirements.lock
      - name: Check
        run: |
          status=0
          echo "# What the visible checks say" >> "$GITHUB_STEP_SUMMARY"
          for notebook in notebooks/*/*.ipynb; do
            name="$(basename "$notebook" .ipynb)"
            if said="$(python -m autograder check "$notebook" 2>&1)"; then
              found="all pass"
            elif grep -q "^0 of [0-9]* visible checks pass" <<< "$said"; then
              found="not begun"
              said=""
            else
              found="something to do"
              status=1
            fi
            # Indented, so that nothing in it is markup.
            {
              printf '\\n## %s: %s\\n\\n' "$name" "$found"
              [ -z "$said" ] || sed 's/^/    /' <<< "$said"
            } >> "$GITHUB_STEP_SUMMARY"
            printf '%s: %s\\n%s\\n' "$name" "$found" "$said"
          done
          exit "$status"
"""
"""GitHub's own form of YAML; steps run in bash."""
