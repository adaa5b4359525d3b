"""https from the server itself: that it answers, and what is said of a certificate that browsers would refuse."""

import os
import socket
import ssl
import subprocess
import urllib.request
import warnings
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from app import audit
from app.cli.serve import configured
from app.cli.tls import certificate
from app.errors import Refusal
from app.migrations import upgrade
from app.web.swedish import day
from tests.serving import answer, free_port, running
from tests.tools import needs

NAMES = "DNS:localhost,DNS:sporra.example,IP:10.0.0.5"


CURVE = "ec:prime256v1"


def made(
    folder: Path,
    name: str = "sporra",
    *,
    names: str = NAMES,
    days: int = 90,
    use: str = "serverAuth",
    sort: str = CURVE,
) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key."""
    cert, key = folder / f"{name}.crt", folder / f"{name}.key"
    kind, _, more = sort.partition(":")
    new = ["-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{more}"] if kind == "ec" else ["-newkey", sort]
    said = ["-addext", f"subjectAltName={names}"] if names else []
    said += ["-addext", f"extendedKeyUsage={use}"]
    about = ["-nodes", "-keyout", key, "-out", cert, "-days", str(days), "-subj", "/CN=Sporra"]
    call = [needs("openssl"), "req", "-x509", *new, *about, *said]
    subprocess.run(call, check=True, capture_output=True)
    return cert, key


def agreed(port: int, cert: Path, most: ssl.TLSVersion) -> str | None:
    """What is spoken with whoever speaks nothing newer than `most`; None = nothing."""
    context = ssl.create_default_context(cafile=cert)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # what old programs would agree to
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, most
    try:
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as spoken,
        ):
            return spoken.version()
    except (ssl.SSLError, ConnectionError):
        return None


def test_the_front_page_comes_over_https(tmp_path: Path) -> None:
    cert, key = made(tmp_path)
    url, port = f"sqlite:///{tmp_path}/s.db", free_port()
    upgrade(url)
    given = {"SPORRA_DATABASE_URL": url, "SPORRA_TLS_CERT": str(cert), "SPORRA_TLS_KEY": str(key)}
    with running("serve", "--host", "0.0.0.0", "--port", str(port), folder=tmp_path, **given) as process:  # noqa: S104
        page = answer(f"https://localhost:{port}/", trusting=ssl.create_default_context(cafile=cert))
        for most, spoken in ((ssl.TLSVersion.MAXIMUM_SUPPORTED, "TLSv1.3"), (ssl.TLSVersion.TLSv1_1, None)):
            assert agreed(port, cert, most) == spoken
    assert b"<h2>Logga in</h2>" in page
    out, err = process.communicate()
    assert (out.splitlines()[0], err) == (f"Sporra svarar på https://localhost:{port} tills du trycker Ctrl-C.", "")


def test_only_suites_with_forward_secrecy_are_spoken(tmp_path: Path) -> None:
    cert, key = made(tmp_path)
    config = configured(FastAPI(), certificate(cert, key, "localhost", audit.now()))
    config.load()
    assert config.ssl
    suites = config.ssl.get_ciphers()
    assert suites[0]["protocol"] == "TLSv1.3"
    weak = [
        each["name"]
        for each in suites
        if each["strength_bits"] < 128 or not each["name"].startswith(("TLS_", "ECDHE-", "DHE-"))
    ]
    assert weak == []
    assert config.ssl.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_proxy_on_the_same_machine_is_believed_when_it_says_https(tmp_path: Path) -> None:
    url, port = f"sqlite:///{tmp_path}/s.db", free_port()
    upgrade(url)
    with running("serve", "--port", str(port), folder=tmp_path, SPORRA_DATABASE_URL=url) as process:
        answer(f"http://127.0.0.1:{port}/halsa")
        for said, secure in (({"X-Forwarded-Proto": "https"}, True), ({}, False)):
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/halsa", headers=said)
            with urllib.request.urlopen(asked) as answered:  # noqa: S310 - our own address
                assert ("Strict-Transport-Security" in answered.headers) is secure
    assert process.communicate()[1] == ""


def test_whoever_starts_with_a_certificate_that_ends_soon_is_told(tmp_path: Path) -> None:
    cert, key = made(tmp_path, days=5)
    url, port = f"sqlite:///{tmp_path}/s.db", free_port()
    upgrade(url)
    options = ("--port", str(port), "--cert", str(cert), "--key", str(key))
    with running("serve", *options, folder=tmp_path, SPORRA_DATABASE_URL=url) as process:
        answer(f"https://localhost:{port}/halsa", trusting=ssl.create_default_context(cafile=cert))
    ends = day(audit.now() + timedelta(days=5))
    assert process.communicate()[1] == f"{cert} gäller bara till {ends}. Skaffa ett nytt innan dess.\n"


@pytest.mark.parametrize("host", ["sporra.example", "10.0.0.5", "0.0.0.0", "::", "127.0.0.1", "localhost"])  # noqa: S104
def test_a_certificate_for_the_host_is_taken(tmp_path: Path, host: str) -> None:
    found = certificate(*made(tmp_path), host, audit.now())
    assert found
    assert found.names == ("localhost", "sporra.example", "10.0.0.5")


def test_without_a_certificate_there_is_none() -> None:
    assert certificate(None, None, "0.0.0.0", audit.now()) is None  # noqa: S104


def refused(cert: Path | None, key: Path | None, host: str = "localhost", days: int = 0) -> str:
    with pytest.raises(Refusal) as refusal:
        certificate(cert, key, host, audit.now() + timedelta(days=days))
    return refusal.value.told


def test_what_browsers_would_refuse_is_told_before_anything_starts(tmp_path: Path) -> None:
    cert, key = made(tmp_path)
    ends = day(audit.now() + timedelta(days=90))
    assert refused(cert, key, days=91) == f"{cert} slutade gälla {ends}. Skaffa ett nytt."
    begins = day(audit.now())
    assert refused(cert, key, days=-1) == f"{cert} börjar gälla först {begins}. Kontrollera datorns klocka."
    names = "localhost, sporra.example, 10.0.0.5"
    assert (
        refused(cert, key, "annan.example") == f"{cert} gäller {names}, men inte annan.example. Skaffa ett som gör det."
    )
    assert refused(cert, key, "10.0.0.6") == f"{cert} gäller {names}, men inte 10.0.0.6. Skaffa ett som gör det."
    silent, its_key = made(tmp_path, "tyst", names="")
    assert refused(silent, its_key).startswith(f"{silent} säger inte vilken adress det gäller")


@pytest.mark.parametrize(
    ("sort", "told"),
    [
        ("rsa:1024", "har en nyckel som är för svag för att skydda något."),
        ("ec:prime192v1", "har en nyckel som är för svag för att skydda något."),
        ("ec:secp256k1", "har en sorts nyckel som webbläsare inte kan."),
    ],
)
def test_a_key_that_no_browser_would_take_is_told(tmp_path: Path, sort: str, told: str) -> None:
    cert, key = made(tmp_path, sort=sort)
    assert refused(cert, key) == f"{cert} {told} Skaffa ett med RSA 2048 eller mer, eller med P-256."


def test_a_certificate_for_something_else_than_a_website_is_told(tmp_path: Path) -> None:
    cert, key = made(tmp_path, use="clientAuth")
    assert refused(cert, key) == f"{cert} är inte gjort för en webbplats. Skaffa ett som gäller servrar (serverAuth)."


def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    cert, key = made(tmp_path)
    pipe = tmp_path / "rör"
    os.mkfifo(pipe)
    for wrong in (pipe, tmp_path):
        told = f"{wrong} är ingen vanlig fil. Spara certifikatet och nyckeln i var sin."
        assert (refused(wrong, key), refused(cert, wrong)) == (told, told)


def test_files_that_do_not_belong_together_are_told(tmp_path: Path) -> None:
    cert, key = made(tmp_path)
    _, another = made(tmp_path, "annat")
    assert refused(cert, another) == f"{another} är inte nyckeln till {cert}, eller är skyddad med lösenord."
    assert refused(key, key).startswith(f"{key} är inget certifikat.")
    assert (
        refused(cert, tmp_path / "borta")
        == f"{tmp_path / 'borta'} går inte att läsa. Kontrollera namn och rättigheter."
    )
    assert refused(cert, None).startswith("Ange både certifikatet och dess nyckel: --cert och --key")


def test_a_key_with_a_password_is_told_and_nobody_is_asked(tmp_path: Path) -> None:
    cert, key = made(tmp_path)
    locked = tmp_path / "låst.key"
    call = [needs("openssl"), "ec", "-in", key, "-aes256", "-passout", "pass:hemligt", "-out", locked]
    subprocess.run(call, check=True, capture_output=True)
    assert refused(cert, locked) == f"{locked} är inte nyckeln till {cert}, eller är skyddad med lösenord."
