"""The regions' own sign-ins that one may use here: the file that SPORRA_OIDC names, read and checked at the start.

What is said with them is `oidc`; whose they are is `identities`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.config import on_this_machine
from rubrics.problems import DataError, Problem

BACK_TO = "/logga-in/via/{provider}/tillbaka"
_KEYS = ("id", "name", "issuer", "client_id", "client_secret_env", "client_secret_file", "scopes", "acr")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Away(Exception):
    """The provider does not answer, or not as one: nothing that whoever signs in can do anything about."""


class Refused(Exception):
    """What the provider says is not to be believed, or is a no."""


@dataclass(frozen=True)
class Shown:
    """Whom a provider vouches for. `at`: when they signed in there, which may be long ago; None = it does not say."""

    subject: str
    at: datetime | None


@dataclass(frozen=True)
class Provider:
    """`acr`: how strongly one must have signed in, in the provider's own words: one of these. () = as it likes."""

    id: str
    name: str  # on the button
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]
    acr: tuple[str, ...]


def read(file: Path, environment: Mapping[str, str], address: str) -> tuple[Provider, ...]:
    """`address`: ours, which the providers send people back to. It is set and not taken from a request, whose Host
    anybody can make up. Raises DataError with everything that is wrong in the file."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        told = "filen är ingen riktig TOML. Rätta raden."
        raise DataError([Problem(str(file), told, line=int(line[1]) if line else None)]) from None
    except UnicodeDecodeError:
        raise DataError([Problem(str(file), "filen är inte skriven i UTF-8. Spara den så.")]) from None
    return _Reading(file, environment, address).providers(found)


def safe(address: str) -> bool:
    """Over https; for trying things out also in clear on this very machine."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    clear = parts.scheme == "http" and on_this_machine(parts.hostname or "")
    plain = address.isascii() and address.isprintable() and not set(address) & set(' "<>\\^`{|}')
    return plain and bool(parts.hostname) and "@" not in parts.netloc and (clear or parts.scheme == "https")


class _Reading:
    """Goes on after each problem, so that all are told at once."""

    def __init__(self, file: Path, environment: Mapping[str, str], address: str) -> None:
        self._file, self._environment, self._address = file, environment, address
        self._problems = list[Problem]()

    def providers(self, found: Mapping[str, Any]) -> tuple[Provider, ...]:
        self._only(found, ("provider",))
        rows = found.get("provider")
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            self._tell("ingen inloggning finns i filen. Skriv en under [[provider]].", "provider")
            rows = []
        made = [self._provider(row, n) for n, row in enumerate(rows)]
        for name in ("id", "issuer"):
            values = [getattr(each, name) for each in made]
            for n, value in enumerate(values):
                if value and value in values[:n]:
                    self._tell("samma står redan högre upp. Varje inloggning har sin egen.", "provider", n, name)
        if self._problems:
            raise DataError(self._problems)
        return tuple(made)

    def _provider(self, row: Mapping[str, Any], n: int) -> Provider:
        at = ("provider", n)
        self._only(row, _KEYS, *at)
        id, issuer = self._text(row, "id", *at), self._text(row, "issuer", *at)
        if id and not _ID.fullmatch(id):
            self._tell("skriv små bokstäver a–z, siffror och bindestreck, högst 40.", *at, "id")
        if issuer and (not safe(issuer) or {"?", "#"} & set(issuer)):
            self._tell("det är ingen adress med https. Skriv den som inloggningen själv anger den.", *at, "issuer")
        return Provider(
            id=id,
            name=self._text(row, "name", *at),
            issuer=issuer,
            client_id=self._text(row, "client_id", *at),
            client_secret=self._secret(row, *at),
            redirect_uri=self._address + BACK_TO.format(provider=id),
            scopes=tuple(dict.fromkeys(("openid", *self._texts(row, "scopes", *at)))),
            acr=self._texts(row, "acr", *at),
        )

    def _secret(self, row: Mapping[str, Any], *at: str | int) -> str:
        """From the environment or from a file of its own: this file is one that people show each other."""
        named = [key for key in ("client_secret_env", "client_secret_file") if row.get(key)]
        if len(named) != 1:
            told = "hemligheten ska stå på ett ställe. Ange client_secret_env eller client_secret_file."
            self._tell(told, *at, "client_secret_env")
            return ""
        [key] = named
        name = self._text(row, key, *at)
        if key == "client_secret_env":
            secret, told = self._environment.get(name, ""), f"{name} är tom eller finns inte i miljön. Sätt den."
        else:
            secret, told = self._in_file(name), f"{name} går inte att läsa, eller är tom. Lägg hemligheten där."
        if name and not secret.strip():
            self._tell(told, *at, key)
        return secret.strip()

    def _in_file(self, name: str) -> str:
        try:
            return (self._file.parent / name).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def _text(self, row: Mapping[str, Any], key: str, *at: str | int) -> str:
        value = row.get(key)
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        self._tell("saknas, eller är ingen text. Skriv den inom citattecken.", *at, key)
        return ""

    def _texts(self, row: Mapping[str, Any], key: str, *at: str | int) -> tuple[str, ...]:
        value = row.get(key, [])
        if isinstance(value, list) and all(isinstance(each, str) and each.split() == [each] for each in value):
            return tuple(value)
        self._tell('är ingen lista av ord. Skriv den som ["ett", "två"].', *at, key)
        return ()

    def _only(self, row: Mapping[str, Any], known: tuple[str, ...], *at: str | int) -> None:
        for key in row.keys() - set(known):
            told = f"är inget som finns. Det som finns är {', '.join(known)}."
            if key == "client_secret":
                told = "hemligheten får inte stå här. Ange client_secret_env eller client_secret_file i stället."
            self._tell(told, *at, key)

    def _tell(self, told: str, *path: str | int) -> None:
        self._problems.append(Problem(str(self._file), told, path))
