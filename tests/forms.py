"""A person at a browser without script: opens pages, fills in their forms and presses their buttons.

A form is sent as a browser sends it: what stands in it, with what the person changed, and line breaks as CRLF.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html

from app.accounts import sessions
from app.accounts.viewer import Viewer
from app.db import Database

Typed = Mapping[str, str | Sequence[str] | None]  # None: the box is emptied, the choice taken back
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Person:
    client: TestClient
    token: str

    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
        self.client.cookies.clear()
        cookie = {"cookie": f"__Host-sporra={self.token}"}
        return self.client.request(method, url, headers={**cookie, **(headers or {})}, follow_redirects=False, **more)

    def open(self, url: str) -> "Page":
        return self._follow(url, self.ask("GET", url))

    def send(self, url: str, pairs: Pairs, headers: Mapping[str, str] | None = None) -> "Page":
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._follow(url, self.ask("POST", url, {**kind, **(headers or {})}, content=urlencode(pairs)))

    def _follow(self, url: str, answer: Response) -> "Page":
        while answer.status_code == 303:
            url = urljoin(url, answer.headers["location"])
            answer = self.ask("GET", url)
        return Page(self, url, answer)


@dataclass(frozen=True)
class Page:
    person: Person
    url: str
    answer: Response

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.text)

    @property
    def title(self) -> str:
        return self.tree.findtext(".//title") or ""

    @property
    def said(self) -> str:
        """Everything to be read in it, without what stands in boxes, or in templates for a script."""
        body = self.tree.find(".//body")
        for each in body.findall(".//template"):
            each.clear(keep_tail=True)
        return " ".join(body.text_content().split())

    def value(self, name: str) -> str | list[str] | None:
        """What stands in a field, as it would be sent, with LF."""
        found = [value.replace("\r\n", "\n") for each, value in self._fields() if each == name]
        return found if len(found) > 1 else found[0] if found else None

    def filled(self, typed: Typed | None = None, button: tuple[str, str] | None = None) -> tuple[str, Pairs]:
        """The form that has these fields and this button: its address, and what it would send."""
        typed = typed or {}
        form = next(form for form in self._forms() if _has(form, typed, button))
        kept = [(name, value) for name, value in _values(form) if name not in typed]
        made = [(name, each) for name, value in typed.items() for each in _each(value)]
        return urljoin(self.url, form.get("action") or self.url), kept + made + ([button] if button else [])

    def submit(self, typed: Typed | None = None, button: tuple[str, str] | None = None) -> "Page":
        return self.person.send(*self.filled(typed, button))

    def _forms(self) -> Iterator[html.FormElement]:
        return (form for form in self.tree.forms if form.method == "POST" and form.get("action") != "/logga-ut")

    def _fields(self) -> Iterator[tuple[str, str]]:
        for form in self._forms():
            yield from _values(form)


def _has(form: html.FormElement, typed: Typed, button: tuple[str, str] | None) -> bool:
    names = {each.get("name") for each in form.iter("input", "textarea", "select")}
    own = [*form.iter("button"), *form.xpath("//button[@form = $id]", id=form.get("id", ""))]
    buttons = {(each.get("name"), each.get("value")) for each in own}
    return typed.keys() <= names and (not button or button in buttons)


def _values(form: html.FormElement) -> Iterator[tuple[str, str]]:
    for each in form.iter("input", "textarea", "select"):
        name, type = each.get("name"), each.get("type", "text")
        if not name or each.xpath("@disabled | ancestor::fieldset/@disabled"):
            continue
        if each.tag == "textarea":
            yield name, (each.text or "").removeprefix("\n").replace("\n", "\r\n")
        elif each.tag == "select":
            options = list(each.iter("option"))
            yield name, next((one for one in options if one.get("selected") is not None), options[0]).get("value")
        elif type in ("checkbox", "radio"):
            if each.get("checked") is not None:
                yield name, each.get("value", "on")
        elif type not in ("file", "submit"):
            yield name, each.get("value", "")


def _each(value: str | Sequence[str] | None) -> Sequence[str]:
    if value is None:
        return ()
    texts = [value] if isinstance(value, str) else value
    return [each.replace("\n", "\r\n") for each in texts]


def at_a_browser(client: TestClient, database: Database, viewer: Viewer) -> Person:
    with database.writing() as session:
        return Person(client, sessions.start(session, viewer.id))
