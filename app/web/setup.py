"""Puts the web's own things on an application: the one call that `app.main` makes for this room."""

from collections.abc import Mapping

from fastapi import FastAPI

from app.web import errors, offline
from app.web.limits import BodyLimit
from app.web.packing import Packing
from app.web.security import SafeHeaders, SameOrigin
from app.web.static_files import HashedFiles


def install(app: FastAPI, larger: Mapping[str, int] | None = None) -> None:
    """`larger`: addresses that take more than an ordinary form, with their limit in bytes."""
    app.mount("/static", HashedFiles(), name="static")
    offline.install(app)
    errors.install(app)
    # Inside out, the last one added is met first: every answer gets its headers, also those of the guards within.
    app.add_middleware(BodyLimit, larger=larger)
    app.add_middleware(SameOrigin)
    app.add_middleware(errors.Unbroken)
    app.add_middleware(Packing, minimum_size=800)
    app.add_middleware(SafeHeaders)
