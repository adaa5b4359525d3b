"""Saving and putting back a PostgreSQL database, by PostgreSQL's own programs.

Passwords go to them in the environment, never in the call, which every process of the machine can read.
"""

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from app.errors import Busy, Refusal, Unreachable
from app.keep.readiness import OURS, Shape, shape_from
from app.tables import metadata

BEGINS = b"PGDMP"
# Every table of ours goes, so that one that an older copy does not know is gone too. Somebody who writes holds some
# of them and waits for others: so whoever has waited a tenth of a second lets go of all, and tries again.
PREPARE = """
SET client_min_messages = warning;
SET lock_timeout = '100ms';
DO $$
DECLARE ours text := (
    SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables
    WHERE schemaname = current_schema() AND tablename = ANY ('{{{tables}}}'));
BEGIN
    FOR attempt IN 1..100 LOOP
        BEGIN
            EXECUTE coalesce('DROP TABLE ' || ours || ' CASCADE', 'SELECT 1');
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(random() / 10);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'lock timeout';
END $$;
"""

_BUSY = "Databasen används just nu. Inget är ändrat; vänta en stund och försök igen."
_SAID: tuple[tuple[str, type[Refusal], str], ...] = (
    ("server version mismatch", Refusal, "Databasen är nyare än programmet {program}. Installera det i dess version."),
    ("unsupported version", Refusal, "Kopian är gjord av ett nyare {program}. Installera det i den versionen."),
    ("no space left", Refusal, "Disken är full. Frigör plats och försök igen."),
    ("lock timeout", Busy, _BUSY),
    ("deadlock", Busy, _BUSY),
    ("permission denied", Refusal, "Sporras konto i databasen får inte göra det. Inget är ändrat; ge kontot rätten."),
    ("must be owner", Refusal, "Sporras konto äger inte tabellerna. Inget är ändrat; ge kontot dem."),
    ("connection", Unreachable, "Databasen svarar inte, eller släpper inte in Sporra. Kontrollera att den är i gång."),
)


def save(url: str, out: Path) -> None:
    call = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={out}", _at(url)]
    _run(call, _environment(url))


def shape_in(file: Path) -> Shape:
    """What a file holds; STRANGE where it cannot be read."""
    kept = [_program("pg_restore"), "--data-only", "--table=alembic_version", "--file=-", str(file)]
    said = subprocess.run(kept, capture_output=True, text=True, check=False, env=_environment())  # noqa: S603
    if "unsupported version" in said.stderr:
        raise _refused("pg_restore", said.stderr)
    tables = set(re.findall(r"; \d+ \d+ TABLE \S+ (\S+) ", _contents(file)))
    revision = re.search(r"^COPY .*alembic_version .*\n(\S+)$", said.stdout, re.MULTILINE)
    return shape_from(revision[1]) if revision and tables >= OURS else Shape.STRANGE


def put_back(file: Path, url: str) -> None:
    """In one transaction: everybody else sees all that was, then all that is put back."""
    script = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
    write = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", _at(url)]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with tempfile.TemporaryFile() as said:
        with (
            subprocess.Popen(script, stdout=pipe, stderr=nowhere, env=_environment()) as reading,  # noqa: S603
            subprocess.Popen(write, stdin=pipe, stdout=nowhere, stderr=said, env=_environment(url)) as writing,  # noqa: S603
        ):
            whole = _handed_on(reading, writing)
        if not whole:
            raise Refusal(f"{file} är skadad. Inget är ändrat; ta en annan säkerhetskopia.")
        if writing.returncode:
            raise _refused("psql", _text(said))


def _handed_on(reading: subprocess.Popen[bytes], writing: subprocess.Popen[bytes]) -> bool:
    """Gives one's script to the other, which commits at its end: so half a script must never come to an end.

    False = the file could not be read to its end, and nothing is changed.
    """
    if not reading.stdout or not writing.stdin:
        return False
    tables = ",".join((*metadata.tables, "alembic_version"))
    with reading.stdout, suppress(BrokenPipeError):  # when psql has stopped at an error, and says which
        writing.stdin.write(PREPARE.format(tables=tables).encode())
        shutil.copyfileobj(reading.stdout, writing.stdin)
        if reading.wait():
            writing.kill()
            with suppress(BrokenPipeError):  # what it had not read yet
                writing.stdin.close()
            return False
        writing.stdin.close()
    return True


def _contents(file: Path) -> str:
    call = [_program("pg_restore"), "--list", str(file)]
    return subprocess.run(call, capture_output=True, text=True, check=False, env=_environment()).stdout  # noqa: S603


def _run(call: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(call, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
    if done.returncode:
        raise _refused(Path(call[0]).name, done.stderr)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _refused(program: str, said: str) -> Refusal:
    for sign, kind, told in _SAID:
        if sign in said.lower():
            return kind(told.format(program=program))
    first = next(iter(said.splitlines()), "inget")
    return Refusal(f"Det gick inte, och inget är ändrat. {program} säger: {first}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise Refusal(
            f"Programmet {name} saknas. Installera PostgreSQL:s klient (i Debian: apt install postgresql-client)."
        )
    return found


def _at(url: str) -> str:
    address = make_url(url).set(drivername="postgresql").difference_update_query(["password"])
    return f"--dbname={address._replace(password=None).render_as_string(hide_password=False)}"


def _environment(url: str | None = None) -> dict[str, str]:
    """What the programs run with: words in English, which `_SAID` knows, and the password."""
    environment = {**os.environ, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "5"}
    known = make_url(url) if url else None
    if known and (password := known.password or known.query.get("password")):
        environment["PGPASSWORD"] = str(password)
    return environment
