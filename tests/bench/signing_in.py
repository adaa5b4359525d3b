"""One person let in: a POST of their address and password to /logga-in, over HTTP to `sporra serve` in a process of its
own, on a connection that stays open. Counted among the tries, read, compared, the sign-in and its event committed, and
led on. The address is one that has an account, and the password is right.

The floor is the comparison alone (argon2id), here and in the same run: that cost is meant to be there.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from app.accounts import passwords
from app.db import Database
from app.migrations import upgrade
from tests.accounts.entering import PASSWORD, enrol
from tests.bench.http import served
from tests.bench.rows import Row, timed

EMAIL = "alva@exempel.se"


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="sporra-bench-") as name, _entering(Path(name)) as enter:
        hash = passwords.hashed(PASSWORD)
        yield timed("sign in", enter, lambda _: passwords.verify(PASSWORD, hash))


@contextmanager
def _entering(folder: Path) -> Iterator[Callable[[int], object]]:
    url = f"sqlite:///{folder / 'one.db'}"
    upgrade(url)
    enrol(Database(url), EMAIL)
    form = urlencode({"email": EMAIL, "password": PASSWORD})
    with served(folder, url) as port:
        browser = HTTPConnection("127.0.0.1", port)

        def enter(_: int) -> None:
            browser.request("POST", "/logga-in", form, {"content-type": "application/x-www-form-urlencoded"})
            answer = browser.getresponse()
            assert (answer.status, answer.read()) == (303, b"")

        yield enter
