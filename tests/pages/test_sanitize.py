"""Of HTML that a student wrote, nothing is alive after cleaning."""

import pytest

from autograder.pages.sanitize import clean_html, comment, markdown
from tests.support.payloads import alive, payloads

NOBODY = "http://127.0.0.1:9"
"""An address at which nobody listens."""


def test_there_are_forty_payloads_and_each_is_seen_when_it_is_not_cleaned():
    made = payloads(NOBODY)
    assert len(made) >= 40
    in_html = {
        n: p for n, p in made.items() if "in_markdown" not in n and "fence" not in n
    }
    for name, payload in in_html.items():
        assert alive(f'<body><main id="main">{payload}'), name


@pytest.mark.parametrize("name", payloads(NOBODY))
def test_nothing_of_a_payload_is_alive_after_cleaning(name):
    payload = payloads(NOBODY)[name]
    assert alive(f'<body><i id="main">{clean_html(payload)}') == []
    assert alive(f'<body><i id="main">{markdown(payload)}') == []
    assert alive(f'<body><i id="main">{comment(payload)}') == []


def test_what_an_instructor_writes_between_angles_is_shown():
    said = comment("Say <why>: a<b & `c<d` and **more**.")
    assert "Say &lt;why&gt;: a&lt;b &amp; <code>c&lt;d</code>" in said
    assert "<strong>more</strong>" in said
