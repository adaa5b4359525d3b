"""The secret that locks what signing in stands on: from the surroundings, and a strong one, or the web does not start.

The local demonstration makes one of its own, in `var/`.
"""

import os
import secrets
from dataclasses import replace
from pathlib import Path

from app.config import DEFAULT_FILE, Settings
from app.errors import Refusal
from app.locked import DIFFERENT, LEAST, strong

HOW = "Gör en med: openssl rand -hex 32"
MISSING = (
    "SPORRA_SECRET saknas: hemligheten som låser det som inloggningen vilar på. "
    f"{HOW} och ge den i SPORRA_SECRET, eller i en fil som SPORRA_SECRET_FILE pekar ut."
)
WEAK = f"SPORRA_SECRET är för svag: den ska ha minst {LEAST} tecken, och {DIFFERENT} olika. {HOW}"
BOTH = "Ange antingen SPORRA_SECRET eller SPORRA_SECRET_FILE, inte båda."
OWN = DEFAULT_FILE.parent / "secret"


def with_secrets(chosen: Settings) -> Settings:
    """The settings, with secrets that hold. Raises a Refusal."""
    if chosen.secrets and chosen.secret_file:
        raise Refusal(BOTH)
    found = chosen.secrets
    if chosen.secret_file:
        found = _read(chosen.secret_file)
    elif not found and chosen.local:
        found = _read(_made(OWN))
    if not found:
        raise Refusal(MISSING)
    if not all(map(strong, found)):
        raise Refusal(WEAK)
    return replace(chosen, secrets=found)


def _read(file: Path) -> tuple[str, ...]:
    try:
        return tuple(file.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"{file} går inte att läsa. Kontrollera SPORRA_SECRET_FILE och filens rättigheter.") from None


def _made(file: Path) -> Path:
    """Made once, readable by whoever runs this alone. Of two that start at once, one makes it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(f"{secrets.token_hex(32)}\n")
    except FileExistsError:
        pass
    return file
