"""Lists sent in through the pages, as a browser without script does."""

import io
from collections.abc import Sequence

from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html

from app.lists.sheets import Column, Sheet, csv


def a_list(*rows: Sequence[str]) -> bytes:
    """The first row is the headings."""
    return csv(Sheet("A", [Column(name, "") for name in rows[0]], rows[1:]))


def sent(client: TestClient, url: str, content: bytes) -> Response:
    return client.post(url, files={"fil": ("lista.csv", io.BytesIO(content))})


def done(client: TestClient, preview: Response) -> Response:
    """The button of the preview pressed."""
    form = next(each for each in html.fromstring(preview.text).forms if str(each.get("action")).endswith("/gor"))
    return client.post(form.get("action"), data=dict(form.form_values()))


def said(answer: Response) -> str:
    return " ".join(html.fromstring(answer.text).find(".//main").text_content().split())
