"""Settings of the site; `autograder/publish/site.py` adds the lessons."""

from importlib.resources import files
from pathlib import Path

project = "Neuron by Neuron"
language = "en"
extensions = ["myst_nb", "sphinx_copybutton"]
exclude_patterns = ["downloads", "_templates"]

# Solutions hold their outputs: nothing is executed.
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

html_theme = "sphinx_book_theme"
templates_path = ["_templates"]
html_sidebars = {
    "**": ["home.html", "search-button-field.html", "sbt-sidebar-nav.html"]
}
html_title = project
html_favicon = "_static/neuron.svg"
html_context = {"default_mode": "auto"}  # as the reader's system has it
html_theme_options = {
    "use_download_button": False,  # each lesson offers its stubs instead
    "use_fullscreen_button": False,
    "navbar_persistent": [],  # the side bar has the search
    "show_toc_level": 2,
    "footer_content_items": ["extra-footer"],  # no line on an author
    "extra_footer": "Lessons CC BY 4.0, code BSD-3-Clause",
}
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_use_index = False
html_css_files = ["site.css"]
html_js_files = [
    ("stepper.js", {"defer": "defer"}),
    ("progress.js", {"defer": "defer"}),
]
html_search_scorer = str(Path(__file__).parent / "_static" / "scorer.js")
copybutton_selector = "div.cell_input pre, div.highlight-default pre"

# One file that holds its own fonts, so that formulas are shown without a network.
mathjax_path = "tex-svg.js"
html_static_path = [
    "_static",
    str(files("mathjax") / "static" / "mathjax" / "es5" / "tex-svg.js"),
]
