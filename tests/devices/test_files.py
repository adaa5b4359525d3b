"""Pictures and documents on the device: safe there first, sent by id until the server has answered, and never lost to a
net that breaks, a full or a thrown-away database, or a newer edition.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from app.ids import new_id
from app.papers.titles import named
from app.web.static_files import device
from tests.papers import files

Json = dict[str, Any]
SUBJECT = new_id()
OK = "ok"
GONE = None
FULL = {"status": 507, "body": {"error": {"told": "Servern har inte plats."}}}
REFUSED = {"status": 422, "body": {"error": {"told": "Filen är inget som går att lägga till."}}}
PORTAL = {"status": 200, "body": {"wifi": "accept the terms"}}

# `answers` = what the net does with the next requests: a response, "ok" = the server's own, null = it is not there.
# `hold` = each waits until `release` is called.
SCRIPT = """async ([outbox, files]) => {
  const { openDevice } = await import(outbox);
  const { scaled } = await import(files);
  Object.assign(globalThis, { answers: [], asked: [], devices: {}, scaled, hold: null });
  const fetch = async (url, about) => {
    const { headers, method } = about;
    new Headers(headers); // throws where a browser could not send them
    const named = headers["Content-Disposition"];
    asked.push({ url, method, named, person: headers["Sporra-Person"], size: about.body.byteLength });
    if (globalThis.hold) await globalThis.hold;
    const answer = answers.length ? answers.shift() : null;
    if (!answer) throw new TypeError("Failed to fetch");
    const id = new URL(url, location).pathname.split("/").at(-1);
    const { status, body } = answer === "ok" ? { status: 200, body: { id } } : answer;
    return new Response(JSON.stringify(body), { status });
  };
  globalThis.opened = async (tab, name) => {
    devices[tab] = await openDevice("person", { name, fetch });
  };
  globalThis.file = (text, type = "application/pdf") => new File([text], "namn", { type });
  globalThis.told = async (tab) => {
    const { files } = devices[tab];
    const [waiting, refused] = [await files.waiting(), await files.refusals()];
    return { waiting, refused, last: files.last, loose: files.loose };
  };
}"""


class Tablet:
    def __init__(self, page: Page) -> None:
        self.page, self.name = page, f"files-{new_id()}"
        self.open("one")

    def open(self, tab: str) -> None:
        self.page.evaluate("([tab, name]) => opened(tab, name)", [tab, self.name])

    def add(self, tab: str = "one", about: str = "E-F1", name: str = "Riktlinje") -> Json:
        made = "([tab, subject, about, name]) => devices[tab].files.add({ subject, about, name, file: file('%PDF') })"
        kept: Json = self.page.evaluate(
            f"async (given) => {{ const {{ content, ...made }} = await ({made})(given); return made; }}",
            [tab, SUBJECT, about, name],
        )
        return kept

    def send(self, *answers: Any, tab: str = "one") -> list[Json]:
        """Gives what was asked meanwhile."""
        asked: list[Json] = self.page.evaluate(
            """async ([tab, given]) => {
              Object.assign(globalThis, { answers: given, asked: [] });
              await devices[tab].files.send();
              return asked;
            }""",
            [tab, list(answers)],
        )
        return asked

    def told(self, tab: str = "one") -> Json:
        told: Json = self.page.evaluate("tab => told(tab)", tab)
        return told


@pytest.fixture(scope="module")
def page(browser: Browser, modules: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{modules}/logga-in")
    page.evaluate(SCRIPT, [device("outbox.js"), device("files.js")])
    yield page
    page.close()


@pytest.fixture
def tablet(page: Page) -> Tablet:
    return Tablet(page)


def test_it_is_sent_once_and_leaves_when_the_server_has_answered(tablet: Tablet) -> None:
    made = tablet.add()
    [waits] = tablet.told()["waiting"]
    assert (waits["field"], waits["value"], waits["loose"]) == (f"file/{made['id']}/E-F1", "Riktlinje", False)
    [asked] = tablet.send(OK)
    address = urlsplit(asked["url"])
    assert address.path == f"/api/inspections/{SUBJECT}/attachments/{made['id']}"
    assert parse_qs(address.query) == {"about": ["E-F1"]}
    assert asked["named"] == "attachment; filename*=UTF-8''Riktlinje"
    assert (asked["method"], asked["person"], asked["size"]) == ("PUT", "person", 4)
    assert tablet.told() == {"waiting": [], "refused": [], "last": "sent", "loose": False}
    assert tablet.send() == []


@pytest.mark.parametrize("name", ["", "Närvaro (maj) 100 % + 'a*b'; \"c\"~.pdf", "日本 🙂\r\nX: y\t\x00", "50%C3%B6"])
def test_whatever_a_file_is_called_it_is_told_in_a_header_and_in_no_address(tablet: Tablet, name: str) -> None:
    tablet.add(name=name)
    [asked] = tablet.send(OK)
    assert asked["named"].isascii()
    assert named(asked["named"]) == name
    assert urlsplit(asked["url"]).query == "about=E-F1"


def test_half_a_letter_in_a_name_holds_nothing_up(tablet: Tablet) -> None:
    """Some systems let a file be called so."""
    tablet.page.evaluate(
        "async (subject) => { await devices.one.files.add({ subject, about: '', name: 'a\\ud800b', file: file('%PDF') }); }",
        SUBJECT,
    )
    [asked] = tablet.send(OK)
    assert named(asked["named"]) == "a\ufffdb"


@pytest.mark.parametrize(("answer", "last"), [(GONE, "offline"), (PORTAL, "offline"), (FULL, "busy")])
def test_a_net_that_breaks_halfway_loses_nothing_and_the_next_round_goes_by_the_same_id(
    tablet: Tablet, answer: Any, last: str
) -> None:
    made = [tablet.add(), tablet.add()]
    first = tablet.send(answer)
    assert tablet.told()["last"] == last
    assert len(tablet.told()["waiting"]) == 2
    again = tablet.send(OK, OK)
    assert again[0]["url"] == first[0]["url"]
    assert [each["id"] in asked["url"] for each, asked in zip(made, again, strict=True)] == [True, True]
    assert tablet.told()["waiting"] == []


def test_what_is_refused_is_listed_with_why_and_holds_nothing_up(tablet: Tablet) -> None:
    bad, good = tablet.add(), tablet.add()
    assert len(tablet.send(REFUSED, OK)) == 2
    [refused] = tablet.told()["refused"]
    assert (refused["id"], refused["told"]) == (bad["id"], REFUSED["body"]["error"]["told"])
    assert tablet.told()["waiting"] == []
    assert good["id"] != bad["id"]
    assert tablet.send(OK) == []
    tablet.page.evaluate("id => devices.one.files.takeUp(id)", bad["id"])
    assert [each["url"].count(bad["id"]) for each in tablet.send(REFUSED)] == [1]
    tablet.page.evaluate("id => devices.one.files.throwAway(id)", bad["id"])
    assert tablet.told()["refused"] == []
    assert tablet.send(OK) == []


def test_another_tab_sends_what_this_one_took_and_neither_sends_it_twice(tablet: Tablet) -> None:
    tablet.add()
    tablet.open("two")
    assert len(tablet.send(OK, tab="two")) == 1
    tablet.page.wait_for_function("async () => !(await told('one')).waiting.length")
    assert tablet.send(OK) == []


def test_what_finds_no_room_is_still_sent_from_the_page_that_has_it(tablet: Tablet) -> None:
    full = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    tablet.page.evaluate("() => { globalThis.put = IDBObjectStore.prototype.put; }")
    tablet.page.evaluate(full)
    try:
        assert tablet.add()["loose"]
        told = tablet.told()
        assert (told["loose"], [each["loose"] for each in told["waiting"]]) == (True, [True])
        tablet.send(GONE)
        assert len(tablet.send(OK)) == 1
        assert tablet.told() == {"waiting": [], "refused": [], "last": "sent", "loose": False}
    finally:
        tablet.page.evaluate("() => { IDBObjectStore.prototype.put = globalThis.put; }")


def test_a_database_that_is_thrown_away_under_the_page_takes_no_picture_with_it(tablet: Tablet) -> None:
    made = tablet.add()
    tablet.page.evaluate(
        "name => new Promise((done) => (indexedDB.deleteDatabase(name).onsuccess = done))",
        f"{tablet.name}-files",
    )
    assert [each["loose"] for each in tablet.told()["waiting"]] == [True]
    assert [each["url"].count(made["id"]) for each in tablet.send(OK)] == [1]


# A database as an earlier edition has made it, and holds it open: `number` 1 knew no files.
EARLIER = """async ([name, number]) => {
  const asked = indexedDB.open(name, number);
  asked.onupgradeneeded = () => {
    const waiting = asked.result.createObjectStore("waiting", { keyPath: "id" });
    waiting.createIndex("n", "n");
    waiting.createIndex("field", ["subject", "field"]);
    waiting.put({ id: "op", n: 1, subject: "s", field: "area/C/narrative", value: "Ljust.", at: "2026" });
    asked.result.createObjectStore("refused", { keyPath: "id" });
    asked.result.createObjectStore("drafts", { keyPath: "key" }).put({ key: "k", value: "halvt" });
    asked.result.createObjectStore("standing", { keyPath: ["subject", "field"] }).createIndex("subject", "subject");
    asked.result.createObjectStore("subjects", { keyPath: "subject" });
    if (number === 1) return;
    const about = { subject: "s", about: "E-F1", at: "2025", told: "", loose: false };
    const files = asked.result.createObjectStore("files", { keyPath: "id" });
    const contents = asked.result.createObjectStore("contents", { keyPath: "id" });
    for (const id of ["one", "two"]) {
      files.put({ ...about, id, name: id });
      contents.put({ id, content: new TextEncoder().encode("%PDF").buffer });
    }
  };
  globalThis.earlier = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
}"""
_NUMBER = "async (name) => (await indexedDB.databases()).find((each) => each.name === name).version"
_EARLIER_WRITES = """() => new Promise((done) => {
  const change = earlier.transaction("waiting", "readwrite");
  change.objectStore("waiting").put({ id: "op2", n: 2, subject: "s", field: "area/D/narrative", value: "Mer.", at: "2026" });
  change.oncomplete = done;
})"""


@pytest.mark.parametrize(("number", "left"), [(1, []), (2, ["one", "two"])])
def test_pages_of_two_editions_work_side_by_side_and_nothing_is_left_behind(
    tablet: Tablet, number: int, left: list[str]
) -> None:
    tablet.name = f"files-{new_id()}"
    tablet.page.evaluate(EARLIER, [tablet.name, number])
    tablet.open("one")  # the earlier page does not let go, and need not
    kept = "async () => ({ waiting: await devices.one.waiting(), drafts: await devices.one.drafts() })"
    found = tablet.page.evaluate(kept)
    assert [each["value"] for each in found["waiting"]] == ["Ljust."]
    assert found["drafts"] == [{"key": "k", "value": "halvt"}]
    tablet.page.evaluate(_EARLIER_WRITES)
    tablet.add()
    unsent = tablet.page.evaluate("async () => (await devices.one.unsent()).map((each) => each.value)")
    assert unsent == ["Ljust.", "Mer.", *left, "Riktlinje"]
    assert tablet.page.evaluate(_NUMBER, tablet.name) == number
    sent = tablet.send(*[OK] * (len(left) + 1))
    assert [each["size"] for each in sent] == [4] * (len(left) + 1)
    tablet.open("two")  # and what was taken over is not found again
    assert tablet.told("two")["waiting"] == []


def test_a_new_database_has_the_number_that_every_edition_can_open(tablet: Tablet) -> None:
    tablet.add()
    assert tablet.page.evaluate(_NUMBER, tablet.name) == 1


def test_a_document_that_is_too_large_is_told_at_once(tablet: Tablet) -> None:
    made = tablet.page.evaluate(
        """() => devices.one.files.add({
          subject: "s", about: "", name: "", file: file(new Uint8Array(15_000_001)),
        })"""
    )
    assert made == {"told": "Filen är större än 15 MB. Dela upp den, eller spara den mindre."}
    assert tablet.told()["waiting"] == []


@pytest.mark.parametrize("size", [(4_000, 3_000), (300, 200)])
def test_a_picture_is_drawn_anew_before_it_is_kept(tablet: Tablet, size: tuple[int, int]) -> None:
    sent = files.photo() if size[0] < 1_000 else files.picture(*size)
    kept = tablet.page.evaluate(
        """async (bytes) => {
          const made = await scaled(file(new Uint8Array(bytes), "image/jpeg"));
          const drawn = await createImageBitmap(made);
          return { type: made.type, size: [drawn.width, drawn.height], text: await made.text() };
        }""",
        list(sent),
    )
    assert kept["type"] == "image/jpeg"
    assert max(kept["size"]) <= 2_560
    assert files.PLACE.decode() not in kept["text"]


def test_what_the_browser_cannot_draw_goes_as_it_is(tablet: Tablet) -> None:
    kept = tablet.page.evaluate("async () => (await scaled(file('ftypheic', 'image/heic'))).text()")
    assert kept == "ftypheic"
