"""What every answer carries, who may send, how much, and where one may be led after signing in."""

import pytest

from app.web.security import POLICY, own_address
from tests.web.sample_app import client


@pytest.mark.parametrize("address", ["/delar", "/finns-inte", "/fel/trasig", "/static/app.css", "/api/fel/last"])
def test_every_answer_carries_the_policy_also_the_ones_that_went_wrong(address: str) -> None:
    headers = client().get(address).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


def test_the_policy_lets_nothing_inline_through() -> None:
    assert POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in POLICY
    assert "worker-src 'self'; manifest-src 'self'" in POLICY
    assert "form-action 'self'; base-uri 'none'; frame-ancestors 'none'" in POLICY


def test_pages_are_not_kept_and_an_answer_may_say_otherwise() -> None:
    assert client().get("/delar").headers["cache-control"] == "no-store"
    own = client().get("/egen-policy").headers
    assert (own["content-security-policy"], own["cache-control"]) == ("sandbox", "max-age=5")


def test_https_is_remembered_once_it_has_been_used() -> None:
    for address in ("/delar", "/finns-inte", "/fel/trasig", "/static/app.css"):
        headers = client(base_url="https://sporra.example").get(address).headers
        assert headers["strict-transport-security"] == "max-age=31536000", address  # a year
        assert "strict-transport-security" not in client().get(address).headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_only_our_own_pages_may_send_forms(headers: dict[str, str], status: int) -> None:
    assert client().post("/skicka", data={"text": "hej"}, headers=headers).status_code == status
    assert client().get("/delar", headers=headers).status_code == 200


def test_what_stands_in_the_address_is_no_part_of_a_form() -> None:
    assert client().post("/skicka?text=adressen").text == ""
    assert client().post("/skicka?text=adressen", data={"text": "hej"}, headers={"cookie": "text=kakan"}).text == "hej"


def test_another_site_reads_nothing() -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for answer in (client().get("/delar", headers=asked), client().options("/skicka", headers=asked)):
        assert [name for name in answer.headers if name.startswith("access-control")] == []


@pytest.mark.parametrize(
    ("address", "type"),
    [
        ("/delar", "text/html; charset=utf-8"),
        ("/finns-inte", "text/html; charset=utf-8"),
        ("/api/fel/last", "application/json"),
        ("/static/app.css", "text/css; charset=utf-8"),
        ("/static/saving.js", "text/javascript; charset=utf-8"),
        ("/sw.js", "text/javascript; charset=utf-8"),
    ],
)
def test_an_answer_says_what_it_is(address: str, type: str) -> None:
    for takes in ("identity", "br"):
        assert client(headers={"accept-encoding": takes}).get(address).headers["content-type"] == type


def test_what_another_site_sent_is_refused_as_a_page_that_does_not_repeat_it() -> None:
    answer = client().post("/skicka", data={"text": "Ring det här numret"}, headers={"sec-fetch-site": "cross-site"})
    assert "Det kom från en annan webbplats" in answer.text
    assert "Ring" not in answer.text


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("/inspektioner/1?flik=a", "/inspektioner/1?flik=a"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_one_is_never_led_to_another_site(address: str, led_to: str) -> None:
    assert own_address(address) == led_to
