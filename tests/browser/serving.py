"""An application on a real port of this machine, for as long as somebody needs it."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI


@contextmanager
def served(application: FastAPI, port: int = 0) -> Iterator[str]:
    """Its address: localhost by name, since browsers give passkeys and service workers to no bare number. With a port,
    the server comes back where it was."""
    with socket.create_server(("127.0.0.1", port)) as free:
        server = uvicorn.Server(uvicorn.Config(application, log_config=None, timeout_graceful_shutdown=1))
        thread = Thread(target=server.run, kwargs={"sockets": [free]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://localhost:{free.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
