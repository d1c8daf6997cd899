"""What the tests of both sides share."""

import pytest

from tests.support.sealed.shell import Student


@pytest.fixture
def student(tmp_path):
    return Student(tmp_path)
