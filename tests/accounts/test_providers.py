"""The file that says which regions' own sign-ins there are: read at the start, and everything wrong in it told at once."""

import subprocess
from pathlib import Path

import pytest

from app.accounts.providers import read, safe
from app.config import Settings, settings
from app.main import create_app
from rubrics.problems import DataError
from tests.accounts.providers import OURS, SECRET, told
from tests.serving import call, environment, free_port

WHOLE = """
[[provider]]
id = "norr"
name = "Region Norr"
issuer = "https://logga-in.norr.example/oidc/"
client_id = "sporra"
client_secret_env = "NORR"
scopes = ["profile", "openid"]
acr = ["loa3"]
[[provider]]
id = "soder"
name = "Region Söder"
issuer = "https://soder.example"
client_id = "sporra"
client_secret_file = "soder.secret"
"""


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "oidc.toml"
    file.write_text(WHOLE, encoding="utf-8")
    (tmp_path / "soder.secret").write_text("s\n", encoding="utf-8")
    norr, soder = read(file, {"NORR": "n"}, "https://sporra.example")
    assert (norr.id, norr.name, norr.client_id, norr.client_secret) == ("norr", "Region Norr", "sporra", "n")
    assert norr.issuer == "https://logga-in.norr.example/oidc/"
    assert norr.redirect_uri == "https://sporra.example/logga-in/via/norr/tillbaka"
    assert (norr.scopes, norr.acr) == (("openid", "profile"), ("loa3",))
    assert (soder.client_secret, soder.scopes, soder.acr) == ("s", ("openid",), ())
    assert settings({"SPORRA_OIDC": str(file), "SPORRA_ADDRESS": OURS}).oidc == file
    assert Settings().oidc is None


@pytest.mark.parametrize(
    ("given", "instead", "said"),
    [
        ("[[provider]]", "[[leverantor]]", "provider: ingen inloggning finns i filen"),
        ("[[provider]]", "[[leverantor]]", "leverantor: är inget som finns. Det som finns är provider."),
        ('"norr"', '"Norr!"', "provider[0].id: skriv små bokstäver"),
        ('"soder"', '"norr"', "provider[1].id: samma står redan högre upp"),
        ('id = "norr"', "", "provider[0].id: saknas"),
        ("https://soder.example", "https://logga-in.norr.example/oidc/", "provider[1].issuer: samma står redan"),
        ("https://soder.example", "http://soder.example", "provider[1].issuer: det är ingen adress med https"),
        ("https://soder.example", "https://soder.example?a=b", "provider[1].issuer: det är ingen adress"),
        ("https://soder.example", "https://a@soder.example", "provider[1].issuer: det är ingen adress"),
        ('client_secret_env = "NORR"', "", "provider[0].client_secret_env: hemligheten ska stå på ett ställe"),
        (
            'client_secret_env = "NORR"',
            'client_secret = "n"',
            "provider[0].client_secret: hemligheten får inte stå här",
        ),
        ("NORR", "BORTA", "provider[0].client_secret_env: BORTA är tom eller finns inte i miljön"),
        ("soder.secret", "borta", "provider[1].client_secret_file: borta går inte att läsa, eller är tom"),
        ('["loa3"]', '"loa3"', "provider[0].acr: är ingen lista av ord"),
        ('["loa3"]', '["loa 3"]', "provider[0].acr: är ingen lista av ord"),
        ('name = "Region Norr"', "name = 7", "provider[0].name: saknas, eller är ingen text"),
        ('"Region Norr"', '"Region Norr', "oidc.toml:4: filen är ingen riktig TOML"),
    ],
)
def test_what_is_wrong_is_told_with_where_and_what_would_be_right(
    tmp_path: Path, given: str, instead: str, said: str
) -> None:
    assert given in WHOLE
    file = tmp_path / "oidc.toml"
    file.write_text(WHOLE.replace(given, instead), encoding="utf-8")
    (tmp_path / "soder.secret").write_text("hush", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read(file, {"NORR": "hush"}, OURS)
    assert said in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_secret_stands_in_no_one_elses_sight(tmp_path: Path) -> None:
    app = create_app(Settings("sqlite:////nowhere", public=OURS, oidc=told(tmp_path, "https://idp.example")))
    [connection] = app.state.connections.values()
    assert connection.provider.client_secret == SECRET
    assert SECRET not in repr(connection.provider)


def test_the_server_does_not_start_with_what_it_cannot_use(tmp_path: Path) -> None:
    file = tmp_path / "oidc.toml"
    file.write_text("", encoding="utf-8")
    where = {"SPORRA_OIDC": str(file), "SPORRA_ADDRESS": OURS, "SPORRA_DATABASE_URL": f"sqlite:///{tmp_path}/s.db"}
    upgraded = subprocess.run(call("db", "upgrade"), cwd=tmp_path, env=environment(**where), capture_output=True)
    assert upgraded.returncode == 0, upgraded.stderr
    tried = subprocess.run(
        call("serve", "--port", str(free_port())),
        cwd=tmp_path,
        env=environment(**where),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert tried.returncode == 1
    assert f"{file}: provider: ingen inloggning finns i filen. Skriv en under [[provider]]." in tried.stderr


def test_where_people_reach_sporra_must_be_said() -> None:
    """Else nobody would come back from the provider."""
    with pytest.raises(DataError, match="SPORRA_ADDRESS: ange adressen"):
        settings({"SPORRA_OIDC": "oidc.toml"})


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://idp.example/a?b", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:80/x", True),
        ("http://idp.example", False),
        ("http://localhost.elsewhere.example", False),
        ("https://idp.example:x", False),
        ("https://ïdp.example", False),
        ("https://idp.example/\r\nX: y", False),
        ("https://a b.example", False),
        ("https:///x", False),
        ("ftp://idp.example", False),
        ("", False),
    ],
)
def test_an_address_goes_over_https_and_is_only_an_address(address: str, is_safe: bool) -> None:
    assert safe(address) is is_safe
