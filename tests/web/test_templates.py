"""Rules that every template of every room keeps, so that the strict policy never blocks and nothing is drawn wrong."""

import re
from pathlib import Path

import pytest

from app.web.render import ROOMS, SayWhose, templates
from app.web.static_files import FOLDER
from tests.web.sample_app import client

TEMPLATES = sorted(path for folder in ROOMS.values() for path in folder.rglob("*.html"))
FORBIDDEN = {
    "inline style": r"<style|\sstyle=",
    "inline script": r"<script(?![^>]*\ssrc=)|javascript:",
    "handler in an attribute": r"\son[a-z]+\s*=",
    "htmx that needs eval": r"hx-on|hx-(vals|headers)=.?js:|hx-trigger=\"[^\"]*\[",
    "unescaped text": r"\|\s*safe\b|autoescape false|Markup\(",
}
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (FOLDER / "icons.svg").read_text()))
CLASSES = set(
    re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"/\*.*?\*/|url\(.*?\)", "", (FOLDER / "app.css").read_text(), flags=re.S))
)
FORMS = """<form method="post"></form> <form {{ ">" }} method="post"></form> <form></form> <form method="get"></form>"""
DYNAMIC = re.compile(r"{{.*?}}|{%.*?%}", re.S)


def named(path: Path) -> str:
    return f"{path.parents[1].name}/{path.name}"


def without_comments(path: Path) -> str:
    return re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S)


def pieces(text: str) -> set[str]:
    """Class names as written. Of one that is put together while drawing, the beginning: `grade-{{ shape }}` is `grade-`."""
    values = re.findall(r'\bclass="((?:{{.*?}}|{%.*?%}|[^"])*)"', text, re.S)
    values += re.findall(r"{% block main_class %}(.*?){% endblock", text)
    return {
        piece for value in values for word in DYNAMIC.sub("\0", value).split() for piece in word.split("\0") if piece
    }


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_has_nothing_that_the_policy_would_stop(path: Path) -> None:
    text = without_comments(path)
    assert {what: found for what, rule in FORBIDDEN.items() if (found := re.findall(rule, text))} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_form_that_changes_something_says_whom_it_was_drawn_for(path: Path) -> None:
    assert silent_forms(templates.preprocess(without_comments(path))) == []


def silent_forms(source: str) -> list[str]:
    """Those that would be done as whoever has signed in by then: nothing is said right after their first tag."""
    says = '{% if viewer %}<input type="hidden" name="whose" value="{{ viewer.id }}">{% endif %}'
    forms = re.findall(r"<form\b[^>]*>.?", DYNAMIC.sub("", source.replace(says, "\0")), re.S | re.I)
    return [each for each in forms if re.search(r"\bpost\b", each, re.I) and each[-1] != "\0"]


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_uses_only_classes_that_the_stylesheet_has(path: Path) -> None:
    unknown = {piece for piece in pieces(without_comments(path)) if not any(name.startswith(piece) for name in CLASSES)}
    assert unknown - CLASSES == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_uses_only_icons_that_the_sprite_has(path: Path) -> None:
    text = without_comments(path)
    used = {f"i-{name}" for name in re.findall(r'\bicon\("([\w-]+)"', text)} | set(
        re.findall(r'<use href="[^"]*?#([\w-]+)"', text)
    )
    assert {name for name in used if name not in SPRITE and not name.endswith("-")} == set()


def test_every_part_drawn_uses_only_icons_that_the_sprite_has() -> None:
    drawn = set(re.findall(r"icons\.svg\?v=\w+#([\w-]+)", client().get("/delar").text))
    assert drawn - SPRITE == set()
    assert {"g-a", "g-b", "g-c", "g-d", "g-none", "mark", "i-lightbulb"} <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_brings_the_parts_that_it_draws(path: Path) -> None:
    """One that leaves it to whoever includes it draws on one page and fails on another."""
    text = without_comments(path)
    assert bool(re.search(r"\bparts\.\w+\(", text)) == ('{% import "web/parts.html" as parts %}' in text)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_page_loads_htmx_where_it_has_a_use_for_it_alone(path: Path) -> None:
    """37 kB that a tablet on a slow net would wait for in vain."""
    text = without_comments(path)
    assert ("hx-post" in text) == ("htmx.js" in text)


def test_the_lint_sees_what_it_looks_for() -> None:
    bad = """<p style="x" onclick="y" hx-on:click="z">{{ a|safe }}</p><script>1</script>"""
    assert {what for what, rule in FORBIDDEN.items() if re.search(rule, bad)} == set(FORBIDDEN)
    assert len(silent_forms(SayWhose(templates).preprocess("<form method='POST'>" + FORMS, None))) == 2
    assert pieces('<p class="card grade-{{ shape }}{{ " x" if y }}">') == {"card", "grade-"}


def test_what_people_wrote_is_never_markup() -> None:
    assert "Handledningen är &lt;god&gt;." in client().get("/delar").text


def test_a_page_with_errors_says_how_many_first_and_ties_each_to_its_field() -> None:
    text = client().get("/delar").text
    assert "<title>2 saker att rätta: Alla delar – Sporra</title>" in text
    assert '<a href="#datum">Ange ett datum, till exempel 19 oktober 2026</a>' in text
    assert (
        'id="datum" name="datum" type="text" value="12 oktober" aria-invalid="true" aria-describedby="datum-h datum-f"'
        in text
    )
