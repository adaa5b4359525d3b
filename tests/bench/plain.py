"""The least that can answer a save: Starlette reads a POST and answers with two letters. `python -m tests.bench.plain PORT`."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def answered(request: Request) -> PlainTextResponse:
    await request.body()
    return PlainTextResponse("[]")


if __name__ == "__main__":
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("ok")), Route("/", answered, methods=["POST"])])
    uvicorn.run(app, port=int(sys.argv[1]), log_config=None, access_log=False)
