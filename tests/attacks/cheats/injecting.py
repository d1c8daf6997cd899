"""Attempts to reach the readers of feedback: scripts, markup, what breaks a page."""

from tests.attacks.arena import FULL, Hand
from tests.attacks.registry import REACHED, Family

injecting = Family("inject into feedback")

SCRIPT = "<script>document.title='INJECTED'</script>"
IMAGE = "<img src=x onerror=\"document.title='INJECTED'\">"
MARKS = ("<script>document.title='INJECTED'", "onerror=\"document.title='INJECTED'")
"""What must not be in a page as it is."""


@injecting(FULL)
def shows_html_with_scripts(hand: Hand) -> None:
    """Display HTML with scripts and with handlers of events."""
    hand.solve()
    hand.last(f"""
        from IPython.display import HTML, Markdown, display

        for kind in (HTML, Markdown):
            display(kind({SCRIPT!r} + {IMAGE!r}))
            display(kind("<iframe srcdoc={SCRIPT!r}></iframe>"))
            display(kind('<a href="javascript:alert(1)">x</a><svg onload="a()"/>'))
        """)


@injecting(FULL)
def shows_javascript(hand: Hand) -> None:
    """Display JavaScript, SVG and LaTeX, as libraries do."""
    hand.solve()
    hand.last(f"""
        from IPython.display import SVG, Javascript, Latex, display

        display(Javascript("document.title='INJECTED-BY-JAVASCRIPT'"))
        svg = '<svg xmlns="http://www.w3.org/2000/svg">' + {SCRIPT!r} + "</svg>"
        display({{"image/svg+xml": svg, "text/plain": "x"}}, raw=True)
        display(Latex({SCRIPT!r}))
        display({{"application/json": {{"a": {SCRIPT!r}}}, "x/y": "x"}}, raw=True)
        display({{"image/png": 'x"><' + {SCRIPT!r}}}, raw=True)
        """)


@injecting(FULL)
def writes_scripts_into_prose(hand: Hand) -> None:
    """Write scripts into markdown cells and the written answer."""
    hand.solve()
    hand.text(f"# Title {SCRIPT}\n\n{IMAGE}\n\n[x](javascript:alert(1))")
    hand.cell("why").source = f"{SCRIPT}{IMAGE}\n\n```\n</pre>{SCRIPT}\n```"


@injecting(0.0)
def raises_markup(hand: Hand) -> None:
    """Raise errors whose names, texts and tracebacks are markup."""
    hand.answer(
        "relu",
        f"""
        kind = type({SCRIPT!r}, (ValueError,), {{}})

        def relu(z):
            raise kind({IMAGE!r})
        """,
    )
    hand.last(f"raise kind({SCRIPT!r} + chr(27) + '[31m' + {IMAGE!r})")


@injecting(FULL)
def prints_markup(hand: Hand) -> None:
    """Print scripts, control characters and sequences for terminals."""
    hand.solve()
    hand.last(f"""
        print({SCRIPT!r}, {IMAGE!r})
        print("\\x1b]0;INJECTED\\x07\\x1b[2J\\x00\\x08\\x7f\\u202e\\ufeff\\ud800")
        import sys
        sys.stdout.write("\\x00" * 5000)
        """)


@injecting(FULL, shows=f"{REACHED} outlet.send")
def shows_what_breaks_pages(hand: Hand) -> None:
    """Display of kinds and values that no notebook may hold."""
    hand.solve()
    hand.last("""
        shell = get_ipython()
        send = getattr(getattr(shell, "outlet", None), "send", None)
        if send:
            print("REACH" + "ED outlet.send")
        for data in (
            {"text/plain": 417}, {"text/plain": None}, {"text/plain": [1, 2]},
            {"text/html": {"a": 1}}, {"image/png": "no base64"}, {"image/png": 3},
            {"image/jpeg": ["a", 1]}, {"": ""}, {"x": "y"}, {"text/latex": 4},
            {"application/vnd.jupyter.widget-view+json": 7}, {"text/markdown": [[]]},
            {"application/vnd.jupyter.widget-view+json": {"model_id": "../../x"}},
            {"image/svg+xml": 9}, {"application/javascript": {}}, {"text/plain": True},
        ):
            if send:
                send({"output_type": "display_data", "data": data, "metadata": {}})
            try:
                shell.display_pub.publish(data)
            except Exception:
                pass
        """)


@injecting(FULL, shows=f"{REACHED} Server.emit")
def forges_outputs(hand: Hand) -> None:
    """Output that were never made by IPython, sent past it."""
    hand.solve()
    hand.last("""
        import gc

        (server,) = [o for o in gc.get_objects() if type(o).__name__ == "Server"]
        emit = server.emit
        print("REACH" + "ED Server.emit", flush=True)
        for output in (
            {"output_type": "display_data", "data": {"text/plain": 417}},
            {"output_type": "display_data", "data": {"text/html": {"a": 1}}},
            {"output_type": "display_data", "data": {"image/png": 3}},
            {"output_type": "display_data", "data": {"image/png": "no base64"}},
            {"output_type": "display_data", "data": {"": []}},
            {"output_type": "display_data", "data": {"x": {"y": [None]}}},
            {"output_type": "error", "ename": 1, "evalue": {}, "traceback": 3},
            {"output_type": "error", "traceback": [None, 3, "<b>"]},
            {"output_type": "stream", "name": 4, "text": ["a", 1]},
            {"output_type": "execute_result", "data": {}, "execution_count": "x"},
            {"output_type": "picture", "name": {}, "picture": 5},
            {"output_type": "no such kind"},
            {"output_type": "update_display_data", "data": {}, "transient": 4},
        ):
            emit(output)
        """)
    hand.last('emit({"output_type": "stream", "text": "\\ud800 half"})')
    hand.last(
        'emit({"output_type": "display_data", "data": {"text/plain": "\\ud800"}})'
    )


@injecting(FULL)
def shows_enormous_outputs(hand: Hand) -> None:
    """Display pictures and tables larger than any page should be."""
    hand.solve()
    hand.last("""
        from IPython.display import HTML, display

        display(HTML("<table>" + "<tr><td>1</td></tr>" * 10**6 + "</table>"))
        display({"image/png": "A" * 10**7}, raw=True)
        display({"text/plain": "z" * 10**7}, raw=True)
        """)


@injecting(0.0)
def names_itself_after_a_page(hand: Hand) -> None:
    """Close the page's own elements and comments in its code and its outputs."""
    code = f"#--></pre></div></body></html>{SCRIPT}\n1 / 0  # {IMAGE}"
    hand.first(code)
    hand.notebook.metadata["title"] = SCRIPT
    hand.notebook.metadata["authors"] = [{"name": IMAGE}]
