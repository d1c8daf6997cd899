"""Displays without end: what a cell shows is of any depth and width, and costs nothing.

All of them are solved: what is shown costs nobody a mark, and never the run.
"""

from tests.attacks.arena import FULL, Hand
from tests.attacks.registry import Family

harming = Family("harm the machine or the run")

NEST = """
def nest(depth):
    made = []
    for _ in range(depth):
        made = [made]
    return made
"""


def _shows(hand: Hand, code: str) -> None:
    hand.solve()
    hand.last(f"{NEST}\nfrom IPython.display import display, update_display\n{code}")


@harming(FULL)
def shows_a_deep_display(hand: Hand) -> None:
    """Display JSON that is seven hundred lists deep."""
    _shows(hand, 'display({"application/json": nest(700)}, raw=True)')


@harming(FULL)
def shows_a_deep_dict(hand: Hand) -> None:
    """Display JSON that is three hundred dicts deep."""
    _shows(
        hand,
        "made = {}\nfor _ in range(450):\n    made = {'a': made}\n"
        'display({"application/json": made}, raw=True)',
    )


@harming(FULL)
def shows_a_deep_widget(hand: Hand) -> None:
    """Display a widget whose description goes on for seven hundred levels."""
    _shows(
        hand,
        'kind = "application/vnd.jupyter.widget-view+json"\n'
        'display({kind: {"model_id": "a", "more": nest(700)}}, raw=True)',
    )


@harming(FULL)
def shows_a_deep_figure(hand: Hand) -> None:
    """Display what calls itself a figure of plotly, or a map, and is only deep."""
    _shows(
        hand,
        'for kind in ("vnd.plotly.v1", "geo", "vnd.vega.v5", "ld"):\n'
        '    display({f"application/{kind}+json": {"a": nest(700)}}, raw=True)',
    )


@harming(FULL)
def ends_a_cell_with_something_deep(hand: Hand) -> None:
    """Let the value of a cell describe itself in seven hundred levels."""
    _shows(
        hand,
        "class Deep:\n    def _repr_mimebundle_(self, *args, **kwargs):\n"
        '        return {"application/json": nest(700), "text/plain": "x"}\n\nDeep()',
    )


@harming(FULL)
def updates_a_display_to_something_deep(hand: Hand) -> None:
    """Display something plain, and make it deep in a later cell."""
    _shows(
        hand,
        'display({"text/plain": "x"}, raw=True, display_id="a")\n'
        'update_display({"application/json": nest(700)}, raw=True, display_id="a")',
    )


@harming(FULL)
def shows_deep_displays_of_every_depth(hand: Hand) -> None:
    """Display JSON of a hundred depths: one of them is just too much for each step."""
    _shows(
        hand,
        "for depth in range(100, 1000, 9):\n"
        '    display({"application/json": nest(depth)}, raw=True)',
    )


@harming(FULL)
def shows_wide_displays(hand: Hand) -> None:
    """Display JSON of a million objects, three times."""
    hand.solve()
    hand.last("""
        from IPython.display import display

        for _ in range(3):
            display({"application/json": [{}] * 1_000_000}, raw=True)
        """)


@harming(FULL)
def shows_what_no_page_can_show(hand: Hand) -> None:
    """Write notes with attachments that are missing, and links to nothing."""
    hand.solve()
    hand.text("![a figure](attachment:figure.png)")
    hand.last("""
        from IPython.display import Markdown

        Markdown("![x](attachment:x.png)")
        """)
    hand.cell("why").source = "![](attachment:missing)"
