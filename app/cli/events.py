"""`sporra audit`: sealing what has happened, and looking whether it still is what it was."""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.parser import Commands, command
from app.config import settings

if TYPE_CHECKING:
    from app.events.models import Seal

_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def add_to(commands: Commands) -> None:
    audit = command(commands, "audit", "det som har hänt").add_subparsers(metavar="KOMMANDO", required=True)
    seal = command(audit, "seal", "försegla det som har hänt sedan sist, och visa förseglingen att anteckna")
    seal.set_defaults(run=_seal)
    verify = command(audit, "verify", "pröva att det som är förseglat är som det var")
    verify.add_argument(
        "--seal", metavar="HASH", type=_hash, action="append", default=[], help="en försegling som är antecknad"
    )
    verify.add_argument("--seals", metavar="FIL", type=Path, help="en fil med förseglingar som är antecknade")
    verify.set_defaults(run=_verify)


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise ValueError
    return text


def _seal(_: argparse.Namespace) -> int:
    from app.cli.database import opened
    from app.events.sealing import newest, seal, waiting
    from app.keep.readiness import Shape, expect
    from app.web.swedish import many

    chosen = settings()
    expect(chosen.database_url, Shape.PRESENT)
    with opened(chosen) as database:
        sealed = seal(database)
        with database.reading() as session:
            last, left = newest(session), waiting(session)
    print(f"Förseglat: {many(sealed, 'händelse', 'händelser')}.", *([f"{left} väntar."] if left else []))
    if last:
        print(_line(last))
    return 0


def _line(seal: "Seal") -> str:
    """What is noted elsewhere, and read again with --seals."""
    return f"{seal.number} {seal.at:%Y-%m-%dT%H:%M:%SZ} {seal.hash}"


def _verify(call: argparse.Namespace) -> int:
    from app.cli.database import opened
    from app.events.sealing import waiting
    from app.events.verifying import Checked, verify
    from app.keep.readiness import Shape, expect
    from app.web.swedish import many

    noted = set(call.seal)
    if call.seals:
        noted |= set(_HASH.findall(call.seals.read_text(encoding="utf-8", errors="replace")))
    chosen, checked = settings(), Checked(noted=set(noted))
    expect(chosen.database_url, Shape.PRESENT)
    with opened(chosen) as database:
        for told in verify(database, checked):
            print(told, flush=True)
        with database.reading() as session:
            left = waiting(session)
    read = f"{many(checked.events, 'händelse', 'händelser')} i {many(checked.seals, 'försegling', 'förseglingar')}"
    print(f"Prövat: {read}, {many(checked.texts, 'text', 'texter')} varav {checked.erased} raderade.", end=" ")
    waits = many(left, "händelse är inte förseglad", "händelser är inte förseglade")
    print(f"{waits} än.")
    if checked.findings:
        print(f"{many(checked.findings, 'sak', 'saker')} stämmer inte.")
        return 1
    print(
        f"Allt stämmer, också med {many(len(noted), 'antecknad försegling', 'antecknade förseglingar')}."
        if noted
        else "Allt stämmer. Jämför med en försegling som är antecknad någon annanstans: --seal HASH."
    )
    return 0
