"""What `sporra` does with the database: the server, its people, its safe-keeping.

What a command needs is imported when it runs: those on files alone must not wait for the web.
"""

import argparse
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from app.accounts.roles import Role
from app.cli.parser import Commands, Parser, command
from app.config import Settings, settings
from app.errors import Refusal

if TYPE_CHECKING:
    import socket

    from app.cli.tls import Certificate
    from app.db import Database

WAIT = 15  # seconds for its turn to write: the server goes first


def add_to(commands: Commands) -> None:
    run = command(commands, "run", "starta webben, med en databas och påhittade exempel om inget annat är sagt")
    run.set_defaults(run=_run)
    serve = command(commands, "serve", "starta webben på den databas som finns")
    serve.add_argument("--host", metavar="ADRESS", default="127.0.0.1", help="adressen (127.0.0.1: datorn själv)")
    serve.add_argument("--port", metavar="PORT", type=_port, help="porten (8000, eller PORT)")
    serve.add_argument("--cert", metavar="FIL", type=Path, help="certifikatet, för https (eller SPORRA_TLS_CERT)")
    serve.add_argument("--key", metavar="FIL", type=Path, help="certifikatets nyckel (eller SPORRA_TLS_KEY)")
    serve.set_defaults(run=_serve)

    worker = command(commands, "worker", "gör det som görs om och om igen, som att skicka e-post, i en egen process")
    worker.set_defaults(run=_work)

    database = command(commands, "db", "databasen").add_subparsers(metavar="KOMMANDO", required=True)
    upgrade = command(database, "upgrade", "ge databasen den form som programmet väntar")
    upgrade.set_defaults(run=_upgrade)

    erase = command(commands, "erase", "radera arbetsmaterial vars tid är ute: anteckningar, program och underlag")
    _yes(erase)
    erase.set_defaults(run=_erase)

    people = command(commands, "user", "personer").add_subparsers(metavar="KOMMANDO", required=True)
    _person(command(people, "add", "lägg till en person; frågar efter lösenordet"))

    demo = command(commands, "demo", "påhittade exempel").add_subparsers(metavar="KOMMANDO", required=True)
    load = command(demo, "load", "lägg in påhittade platser, personer och inspektioner i en tom databas")
    _yes(load)
    load.set_defaults(run=_load)
    country = command(demo, "country", "lägg in ett helt påhittat land i en tom databas, för att pröva jämförelsen")
    country.add_argument("--scale", metavar="TAL", type=_scale, default=1.0, help="hur stort (1: 2 000 enheter)")
    country.add_argument("--seed", metavar="TAL", type=int, default=1, help="samma tal ger samma land (1)")
    _yes(country)
    country.set_defaults(run=_load_country)

    for name, about, action in (
        ("backup", "spara hela databasen i en fil, medan webben är i gång", _backup),
        ("restore", "ersätt hela databasen med en säkerhetskopia, medan webben är i gång", _restore),
    ):
        kept = command(commands, name, about)
        kept.add_argument("file", metavar="FIL", type=Path, help="säkerhetskopian")
        _yes(kept)
        kept.set_defaults(run=action)


def _person(add: Parser) -> None:
    add.add_argument("--name", metavar="NAMN", help="för- och efternamn")
    add.add_argument("--email", metavar="ADRESS", help="e-postadressen, som man loggar in med")
    add.add_argument("--role", choices=list(Role), default=Role.ADMINISTRATOR, help=f"ett av {', '.join(Role)}")
    add.add_argument("--at", metavar="PLATS", help="specialiteten, regionen eller kliniken som rollen gäller")
    add.set_defaults(run=_add_person)


def _yes(parser: Parser) -> None:
    parser.add_argument("--yes", action="store_true", help="fråga inte först")


def _scale(text: str) -> float:
    scale = float(text)
    if not 0.001 <= scale <= 10:
        raise ValueError
    return scale


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError
    return port


# ── The server ────────────────────────────────────────────────────────────────────────────


def _run(_: argparse.Namespace) -> int:
    from app.cli import secret, serve
    from app.keep.readiness import Shape, expect

    chosen = settings()
    with serve.bound(serve.LOOPBACK, chosen.port) as listening:  # first: what cannot be served is not filled either
        chosen = secret.with_secrets(chosen)
        if expect(chosen.database_url, Shape.EMPTY, Shape.OLDER, Shape.PRESENT) is not Shape.PRESENT:
            _migrate(chosen.database_url)
        if chosen.local:
            _fill(chosen)
        return _answer(chosen, listening)


def _serve(call: argparse.Namespace) -> int:
    from app import audit
    from app.cli import secret, serve, tls
    from app.keep.readiness import Shape, expect

    chosen = replace(settings(), port=call.port or settings().port)
    certificate = tls.certificate(call.cert or chosen.tls_cert, call.key or chosen.tls_key, call.host, audit.now())
    with serve.bound(call.host, chosen.port) as listening:
        expect(chosen.database_url, Shape.PRESENT)
        return _answer(secret.with_secrets(chosen), listening, certificate)


def _answer(chosen: Settings, listening: "socket.socket", certificate: "Certificate | None" = None) -> int:
    from app.cli import serve
    from app.demo.signing_in import ways_in

    with opened(chosen) as database:
        told = ways_in(database)
    print(
        f"Sporra svarar på {serve.address(listening, certificate)} tills du trycker Ctrl-C.",
        *told,
        sep="\n",
        flush=True,
    )
    serve.serve(chosen, listening, certificate)
    return 0


def _work(_: argparse.Namespace) -> int:
    from app.jobs import Loop
    from app.keep.readiness import Shape, expect
    from app.recurring import recurring

    chosen = settings()
    expect(chosen.database_url, Shape.PRESENT)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    with opened(chosen) as database:
        loop = Loop(database, recurring(chosen))
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
        loop.start()
        try:
            print("Sporra arbetar tills du trycker Ctrl-C.", flush=True)
            loop.wait()
        except KeyboardInterrupt:
            loop.stop()  # when what it is doing is done; once more stops at once
            print("Sporra är stoppad.")
    return 0


# ── The database ──────────────────────────────────────────────────────────────────────────


def _upgrade(_: argparse.Namespace) -> int:
    from app.keep.readiness import Shape, expect, place

    url = settings().database_url
    if expect(url, Shape.EMPTY, Shape.OLDER, Shape.PRESENT) is Shape.PRESENT:
        print(f"Databasen {place(url)} har redan den form som programmet väntar.")
    else:
        _migrate(url)
        print(f"Databasen {place(url)} har nu den form som programmet väntar.")
    return 0


def _migrate(url: str) -> None:
    from app.keep.readiness import telling
    from app.migrations import upgrade

    with telling(url):
        upgrade(url)


def _load(call: argparse.Namespace) -> int:
    from app.keep.readiness import Shape, expect, place

    chosen = settings()
    expect(chosen.database_url, Shape.PRESENT)
    where = place(chosen.database_url)
    if not chosen.local:
        _agree(call, f"Påhittade platser, personer och inspektioner läggs i {where}.")
    print("Exemplen är inlagda." if _fill(chosen) else f"Databasen {where} är inte tom. Inget lades till.")
    return 0


def _load_country(call: argparse.Namespace) -> int:
    from app import audit
    from app.demo.country import Size, fill
    from app.keep.readiness import Shape, expect, place
    from app.web.swedish import local, many
    from rubrics.library import Library

    chosen, size = settings(), Size.scaled(call.scale)
    expect(chosen.database_url, Shape.PRESENT)
    where, today = place(chosen.database_url), local(audit.now()).date()
    told = f"{many(size.units, 'enhet', 'enheter')} och {many(size.inspections, 'inspektion', 'inspektioner')}"
    _agree(call, f"Ett påhittat land med {told} läggs i {where}.")
    with opened(chosen) as database:
        filled = fill(database, Library(chosen.rubric_folders), size=size, seed=call.seed, today=today)
    print(f"Landet är inlagt: {told}." if filled else f"Databasen {where} är inte tom. Inget lades till.")
    return 0


def _fill(chosen: Settings) -> bool:
    from app.demo.load import load
    from app.papers.storage import Folder
    from rubrics.library import Library

    with opened(chosen) as database:
        return load(database, Library(chosen.rubric_folders), Folder(chosen.files_folder))


def _erase(call: argparse.Namespace) -> int:
    from app import audit
    from app.accounts.viewer import OFFICE
    from app.inspections.attaching import erase_papers, strays, sweep_strays
    from app.inspections.erasing import due, erase
    from app.keep.readiness import Shape, expect
    from app.papers.storage import Folder
    from app.plans.opening import in_months
    from app.privacy.retention import keep_no_longer
    from app.web.swedish import WALL, local, many

    chosen = settings()
    expect(chosen.database_url, Shape.PRESENT)
    day = in_months(local(audit.now()).date(), -chosen.erase_months)
    before = datetime.combine(day, time.min, WALL).astimezone(UTC)
    since = many(chosen.erase_months, "månad", "månader")
    storage = Folder(chosen.files_folder)
    with opened(chosen) as database:
        if run_out := sum(keep_no_longer(database).values()):
            print(f"Raderat: {many(run_out, 'utgången inloggning eller länk', 'utgångna inloggningar och länkar')}.")
        with database.reading() as session:
            inspections = due(session, before)
        left = strays(database, storage, now=audit.now())
        lost = f"{many(len(left), 'fil', 'filer')} som inget underlag hör till"
        if not inspections and not left:
            print(f"Inget att radera: inget arbetsmaterial är äldre än {since}.")
            return 0
        where = many(len(inspections), "inspektion som fastställdes", "inspektioner som fastställdes")
        what = [f"Arbetsmaterialet i {where} för mer än {since} sedan raderas."] if inspections else []
        what += [f"{lost} raderas."] if left else []
        _agree(call, f"{' '.join(what)} Det går inte att ångra.")
        texts = papers = 0
        for id in inspections:  # one by one: the server goes first
            with database.writing() as session:
                texts += erase(session, by=OFFICE, inspection=id, before=before)
            papers += erase_papers(database, storage, inspection=id)
        if left:
            sweep_strays(database, storage, left)
        database.sweep()
    if inspections:
        gone = f"{many(texts, 'text', 'texter')} och {many(papers, 'fil', 'filer')}"
        print(f"Raderat: {gone} i {many(len(inspections), 'inspektion', 'inspektioner')}.")
    if left:
        print(f"Raderat: {lost}.")
    return 0


def _backup(call: argparse.Namespace) -> int:
    from app import keep

    if call.file.is_file():
        _agree(call, f"{call.file} finns redan och ersätts.")
    chosen = settings()
    keep.backup(chosen.database_url, call.file)
    print(f"{call.file}: hela databasen är sparad ({_megabytes(call.file)}).")
    print(f"Underlag, bilder och filer, följer inte med. Kopiera nu också mappen {chosen.files_folder}.")
    return 0


def _restore(call: argparse.Namespace) -> int:
    from app import keep
    from app.keep.readiness import place

    chosen = settings()
    url = chosen.database_url
    keep.check(url, call.file)
    _agree(call, f"Allt som finns i {place(url)} ersätts av {call.file}.")
    keep.restore(url, call.file)
    print(f"{place(url)} har nu innehållet i {call.file}.")
    print("Alla får logga in på nytt, och göra nya adresser för sina kalendrar.")
    print(f"Underlag, bilder och filer, finns inte i kopian. Lägg tillbaka mappen {chosen.files_folder} också.")
    return 0


def _megabytes(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:.1f} MB".replace(".", ",")


# ── People ────────────────────────────────────────────────────────────────────────────────


def _add_person(call: argparse.Namespace) -> int:
    from app.cli import first_steps
    from app.keep.readiness import Shape, expect

    chosen = settings()
    expect(chosen.database_url, Shape.PRESENT)
    name, email = call.name or _asked("Namn", "--name"), call.email or _asked("E-post", "--email")
    with opened(chosen) as database:
        added = first_steps.add_person(database, name, email, Role(call.role), call.at, _password)
    print(f"{added.name} är tillagd som {Role(call.role).label} och loggar in med {added.email}.")
    return 0


def _asked(what: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise Refusal(f"{what} saknas. Ange {option}.")
    return input(f"{what}: ").strip()


def _password() -> str:
    """Asked for twice without being shown; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Lösenord: ")
    if getpass("Lösenordet igen: ") != first:
        raise Refusal("Lösenorden är inte lika. Gör om det.")
    return first


# ── What they share ───────────────────────────────────────────────────────────────────────


@contextmanager
def opened(chosen: Settings) -> "Iterator[Database]":
    from app.db import Database
    from app.keep.readiness import telling

    database = Database(chosen.database_url, wait=WAIT)
    try:
        with telling(chosen.database_url):
            yield database
    finally:
        database.close()


def _agree(call: argparse.Namespace, what: str) -> None:
    """Asks before something that cannot be undone. Raises a Refusal where the answer is not yes."""
    if call.yes:
        return
    if not sys.stdin.isatty():
        raise Refusal(f"{what} Lägg till --yes om det är meningen.")
    if input(f"{what} Skriv ja för att fortsätta: ").strip().lower() != "ja":
        raise Refusal("Inget är ändrat.")
