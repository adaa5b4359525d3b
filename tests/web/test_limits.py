"""How much one may send, whether the length is told or not."""

import asyncio
from collections.abc import Iterator

from starlette.types import Message

from app.web.limits import ORDINARY
from tests.web.sample_app import client, sample_app

FORM = (b"content-type", b"application/x-www-form-urlencoded")


def sent_in_pieces(path: str, pieces: Iterator[bytes], *headers: tuple[bytes, bytes]) -> tuple[int, int]:
    """The status of the answer, and how many bytes were left unread: a browser must be read to its end."""
    body = list(pieces)
    answered: list[Message] = []

    async def receive() -> Message:
        if not body:
            raise AssertionError("read past the end: a real server would wait here for ever")
        return {"type": "http.request", "body": body.pop(0), "more_body": bool(body)}

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "scheme": "http",
        "headers": [FORM, *headers], "server": ("testserver", 80), "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(sample_app()(scope, receive, send))
    return answered[0]["status"], sum(map(len, body))


def pieces_of(size: int) -> Iterator[bytes]:
    yield b"text="
    yield from (b"x" * 100_000 for _ in range(size // 100_000))


def test_a_body_that_is_too_large_is_refused_with_a_page() -> None:
    answer = client().post("/skicka", data={"text": "x" * ORDINARY})
    assert answer.status_code == 413
    assert "Det var för stort" in answer.text
    assert client().post("/skicka", data={"text": "x" * (ORDINARY // 2)}).status_code == 200


def test_a_body_that_does_not_tell_its_length_is_counted_and_read_to_its_end() -> None:
    assert sent_in_pieces("/skicka", pieces_of(3_000_000)) == (413, 0)
    assert sent_in_pieces("/skicka", pieces_of(500_000)) == (200, 0)


def test_a_body_that_tells_its_length_is_read_to_its_end_too() -> None:
    assert sent_in_pieces("/skicka", pieces_of(3_000_000), (b"content-length", b"3000005")) == (413, 0)


def test_an_address_may_take_more_and_then_has_that_limit() -> None:
    assert sent_in_pieces("/stor", pieces_of(2_500_000)) == (200, 0)
    assert sent_in_pieces("/stor", pieces_of(3_500_000)) == (413, 0)
