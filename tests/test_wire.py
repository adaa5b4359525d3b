"""What comes over the wire before there is a request: a head without an end, a body that stops, two lengths at once."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from app.cli import serve, wire
from app.cli.serve import LOOPBACK, bound
from tests.web.sample_app import sample_app


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server as `serve` makes it, in a thread, that loses patience sooner."""
    with pytest.MonkeyPatch.context() as patch, bound(LOOPBACK, 0) as listening:
        patch.setattr(wire, "HEAD", 0.3)
        patch.setattr(wire, "SILENCE", 0.3)
        server = uvicorn.Server(serve.configured(sample_app()))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


def told(port: int, *pieces: bytes) -> bytes:
    """All that is answered until the server ends the connection, which it must."""
    with socket.create_connection((LOOPBACK, port), timeout=20) as open:
        answered = b""
        try:
            for piece in pieces:
                open.sendall(piece)
            while got := open.recv(65_536):
                answered += got
        except (ConnectionResetError, BrokenPipeError):
            pass
        return answered


POST = b"POST /skicka HTTP/1.1\r\nHost: testserver\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize(
    "pieces",
    [(), (b"GET /delar HT",), (b"GET /delar HTTP/1.1\r\nHost: a\r\n", b"X: y\r\n"), (b"\r\n",)],
    ids=["nothing", "half a line", "no end", "an empty line"],
)
def test_a_head_that_does_not_come_is_not_waited_for(port: int, pieces: tuple[bytes, ...]) -> None:
    assert told(port, *pieces) == b""


def test_a_second_head_is_waited_for_no_longer_than_the_first(port: int) -> None:
    answered = told(port, b"GET /delar HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /delar HT")
    assert answered.count(b"HTTP/1.1 200") == 1


def test_a_head_without_end_fills_no_memory(port: int) -> None:
    answered = told(port, b"GET /delar HTTP/1.1\r\nX: ", *(b"x" * 65_536 for _ in range(200)))
    assert answered == b""


def test_a_body_that_stops_is_not_waited_for(port: int) -> None:
    assert b"HTTP/1.1 200" not in told(port, POST + b"Content-Length: 20\r\n\r\ntext=")


def test_a_whole_request_is_answered_and_the_connection_kept_for_the_next(port: int) -> None:
    whole = POST + b"Content-Length: 8\r\n\r\ntext=hej"
    last = whole.replace(b"Host:", b"Connection: close\r\nHost:")
    assert told(port, whole, last).count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize(
    "framing",
    [b"Transfer-Encoding: chunked\r\nContent-Length: 8\r\n\r\n", b"Content-Length: 8\r\nContent-Length: 9\r\n\r\n"],
)
def test_a_body_with_two_lengths_is_refused(port: int, framing: bytes) -> None:
    assert told(port, POST + framing + b"text=hej").startswith(b"HTTP/1.1 400")


def test_what_an_address_does_not_take_is_refused(port: int) -> None:
    for method in (b"TRACE", b"PUT", b"CONNECT"):
        answered = told(port, method + b" /delar HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n\r\n")
        assert answered[9:12] in (b"400", b"403", b"404", b"405"), method
