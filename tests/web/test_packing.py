"""What is sent is packed as the browser takes it, and comes out as it went in."""

from collections.abc import Iterator

import brotli
import pytest
from fastapi import FastAPI
from fastapi.responses import Response, StreamingResponse
from fastapi.testclient import TestClient

from app.web.packing import Packing

TEXT = "Så här ser det ut hos oss, och så här gör vi. " * 200
LINES = [f"{n};Iakttagelse;ÅÄÖ\n" * 50 for n in range(40)]


def _app() -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.add_middleware(Packing, minimum_size=800)
    app.get("/text")(lambda: Response(TEXT, media_type="text/html"))
    app.get("/stor")(lambda: Response(TEXT * 100, media_type="text/html"))
    app.get("/kort")(lambda: Response(TEXT[:700], media_type="text/html"))
    app.get("/bild")(lambda: Response(TEXT, media_type="image/png"))
    app.get("/packad")(lambda: Response(brotli.compress(TEXT.encode()), headers={"content-encoding": "br"}))
    app.get("/rader")(lambda: StreamingResponse(iter(LINES), media_type="text/csv"))
    return app


@pytest.mark.parametrize(("takes", "packed"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None)])
def test_all_comes_out_as_it_went_in(takes: str, packed: str | None) -> None:
    web = TestClient(_app(), headers={"accept-encoding": takes})
    for path, text in (("/text", TEXT), ("/stor", TEXT * 100), ("/rader", "".join(LINES))):
        answer = web.get(path)
        assert (answer.text, answer.headers.get("content-encoding")) == (text, packed)
        assert answer.headers["vary"] == "Accept-Encoding"
    for path in ("/kort", "/bild"):
        assert "content-encoding" not in web.get(path).headers
    if packed == "br":
        assert web.get("/packad").text == TEXT


def test_what_comes_piece_by_piece_can_be_read_so() -> None:
    web, opened = TestClient(_app(), headers={"accept-encoding": "br"}), brotli.Decompressor()

    def read() -> Iterator[str]:
        with web.stream("GET", "/rader") as answer:
            yield from (opened.process(piece).decode() for piece in answer.iter_raw())

    assert [each for each in read() if each] == LINES
