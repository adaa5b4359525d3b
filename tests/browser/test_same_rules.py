"""The rules that run on the device too, held equal to the server's: what a text becomes, places, the suggested grade.

Each example is many cases in one call. They go to Chromium and back as ASCII, since a lone surrogate does not survive
the way there by itself.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from app.accounts.roles import Permission
from app.config import Settings
from app.db import Database
from app.ids import new_id
from app.inspections import actions
from app.inspections.actions import Setup
from app.inspections.models import RegradeRow
from app.inspections.rubric_copy import taken
from app.inspections.suggested import causes, facts
from app.main import create_app
from app.web.static_files import device
from app.web.swedish import lately
from app.writing.desk import Operation
from app.writing.fields import FieldKind, Type, Value, stored
from app.writing.order import between
from rubrics.grading import owes_reason, suggest
from rubrics.model import Area, Rubric
from tests.browser.conftest import Enter, OpenPage
from tests.browser.hands import begun
from tests.browser.serving import served
from tests.databases import Kind
from tests.factories import Drafted, drafted
from tests.rubrics.ladders import LIBRARY, cases, graded

Asked = Callable[[str, str, Any], Any]


@pytest.fixture(scope="module")
def ask(browser: Browser, kind: Kind) -> Iterator[Asked]:
    """Calls a function with each of many cases, in a page of ours under its strict policy: `ask(module, call, cases)`,
    where `call` is written in the page's own script, such as `between(...each)`."""
    url = kind.migrated()
    with served(create_app(Settings(url))) as address:
        page = browser.new_page()
        page.goto(f"{address}/logga-in")
        yield lambda module, calls, cases: _asked(page, module, calls, cases)
        page.close()
    kind.drop(url)


_ASK = """async ([url, calls, cases]) => {
  const module = await import(url);
  const call = {
    storable: ([value, type]) => {
      try { return { is: module.storable(value, type) }; } catch (error) { return { told: error.message }; }
    },
    between: (pair) => module.between(...pair),
    graded: ([facts, answers]) => {
      const given = new Map(Object.entries(answers));
      const suggestion = module.suggest(facts, given);
      const owes = facts.scale.filter((grade) => module.owesReason(facts, suggestion, grade));
      return { ...suggestion, owes, why: module.why(facts, suggestion, given) };
    },
  }[calls];
  return JSON.stringify(JSON.parse(cases).map(call));
}"""


def _asked(page: Page, module: str, calls: str, cases: Any) -> Any:
    return json.loads(page.evaluate(_ASK, [device(module), calls, json.dumps(cases)]))


def through_json(value: Any) -> Any:
    """As it comes to the server: two halves of an emoji side by side are one."""
    return json.loads(json.dumps(value))


# ── What a text becomes ───────────────────────────────────────────────────────────────────

NASTY = [
    "", " ", "\n", "\u2028", "\ufeff", "\x00", "\x1c", "\x85", "\r", "\r\n\r", "a\rb\r\nc", "\ud800", "\udc00\ud800", "a\udfff",
    "\ud83d\ude00", "😀", "e\u0301", "\u0301", "👩‍👩‍👧", "\ufffe\uffff", "\u200b", "\u180e", "\xad", "□U+0007", "□U+000", "□U+00e9",
    "\t a \u3000 b\u2029", "\U0010ffff", "\U0001fffe", "\v\f", "2026-10-20", "2026-02-29", "2024-02-29", "1899-12-31", "1900-01-01",
    "0000-01-01", "2026-13-01", "2026-1-1", "２０２６-10-20", " 2026-10-20\n", "20261020", "2026-10-20T00:00", "2026-00-10", "10000-01-01",
]  # fmt: skip
LONG = [
    "å" * 20_000,
    "å" * 20_001,
    "😀" * 20_000,
    "😀" * 20_001,
    "\x07" * 20_000,
    "\x07" * 20_001,
    " " * 20_001,
    "å\r\n" * 10_000,
    "e\u0301" * 10_001,
]
SPACES = [chr(n) for n in range(0x10000) if chr(n).isspace() or n in range(0x20) or n in range(0x7F, 0xA1)]

texts = st.text(
    st.one_of(st.characters(), st.characters(max_codepoint=0xFFFF), st.sampled_from("".join(SPACES) + "\r□U+0A"))
)
values = st.one_of(
    texts, st.sampled_from(NASTY), st.none(), st.integers(), st.lists(st.one_of(texts, st.none()), max_size=4)
)
EVERY_TYPE = [
    [text, type.name]
    for text in (*NASTY, *LONG, *SPACES, ["a", " ", "\x00"], [], ["x"] * 2_001, 7, {}, None)
    for type in Type
]


def server_stores(value: Value, type: str) -> dict[str, Any]:
    kind = FieldKind("x", Type[type], Permission.WRITE, Permission.WRITE, "X")
    try:
        return {"is": stored(value, kind)}
    except ValueError as error:
        return {"told": str(error)}


@given(st.lists(st.tuples(values, st.sampled_from([type.name for type in Type])).map(list), max_size=40))
@example(EVERY_TYPE)
def test_a_value_is_made_storable_alike(ask: Asked, cases: list[Any]) -> None:
    assert ask("shown.js", "storable", cases) == [server_stores(*each) for each in through_json(cases)]


# ── Places ────────────────────────────────────────────────────────────────────────────────

keys = st.text(st.sampled_from("0189AVZaz"), max_size=6)


@given(st.lists(st.tuples(keys, keys).map(list), max_size=100))
def test_a_place_between_two_is_the_same(ask: Asked, cases: list[list[str]]) -> None:
    assert ask("order.js", "between", cases) == [between(*each) for each in cases]


# ── The suggested grade ───────────────────────────────────────────────────────────────────

Judged = tuple[Rubric, Area, dict[str, str]]
REFERENCES = sorted({each.values[0] for each in cases()} | {"at-spur/utkast@1"})
AREAS = [(rubric, area) for rubric in map(LIBRARY.rubric, REFERENCES) for area in rubric.areas]
PEOPLES = [each.values for each in cases()]


@st.composite
def answered(draw: st.DrawFn) -> Judged:
    """An area of a real rubric. Most criteria are met, else every example would give the worst grade."""
    rubric, area = draw(st.sampled_from(AREAS))
    best = rubric.counted[0]
    one = st.sampled_from([best, best, best, *rubric.answers, "", "något annat"])
    answers = {criterion.id: draw(one) for criterion in area.criteria}
    return rubric, area, {id: answer for id, answer in answers.items() if answer}


def by_people() -> list[Judged]:
    made = []
    for reference, case in PEOPLES:
        rubric = LIBRARY.rubric(reference)
        area = rubric.area(case["area"])
        assert area
        rest = {c.id: case["rest"] for c in area.criteria} if "rest" in case else {}
        made.append((rubric, area, {id: each for id, each in {**rest, **case.get("answers", {})}.items() if each}))
    return made


def server_grades(rubric: Rubric, area: Area, answers: dict[str, str]) -> dict[str, Any]:
    got = suggest(rubric, area, answers)
    return {
        "grade": got.grade,
        "best": got.at_best,
        "worst": got.at_worst,
        "reasons": list(got.reasons),
        "missing": list(got.missing),
        "owes": [step.grade for step in rubric.scale if owes_reason(rubric, got, step.grade)],
        "why": [{"criteria": list(each.criteria), "told": each.told} for each in causes(rubric, area, got, answers)],
    }


@given(st.lists(st.one_of(answered(), graded()), max_size=10))
@example(by_people())
@example([(rubric, area, {}) for rubric, area in AREAS])
def test_the_answers_give_the_same_grade_for_the_same_reasons(ask: Asked, cases: list[Judged]) -> None:
    sent = [(facts(rubric, area, {}), answers) for rubric, area, answers in cases]
    assert ask("grading.js", "graded", sent) == [server_grades(*each) for each in cases]


# ── What the page says of it ──────────────────────────────────────────────────────────────

_DRAW = """async ([url, values]) => {
  const { draw, factsIn } = await import(url);
  draw(document, factsIn(document), new Map(Object.entries(values).map(([key, value]) => [key, { value }])));
}"""
_SAYS = """async (where) => {
  const fresh = async () => new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const page = where === "server" ? await fresh() : document;
  return ["nu", "forslag", "skal-h", "rail"].map((id) => page.getElementById(id).outerHTML);
}"""


def assert_drawn_alike(page: Page) -> None:
    """The script has made of the page what the server would answer now."""
    assert page.evaluate(_SAYS, "here") == page.evaluate(_SAYS, "server")


E = [
    ("criterion/E-F1/answer", "met"),
    ("criterion/E-F2/answer", "met"),
    ("area/E/grade", "A"),
    ("criterion/E-AR5/answer", "unmet"),
    ("area/E/grade_reason", "Därför."),
    ("criterion/D-F1/answer", "na"),
    ("area/E/grade_reason", None),
    ("criterion/E-F4/answer", "partly"),
    ("area/E/grade", "D"),
    ("criterion/E-F4/answer", None),
    ("area/D/grade", "D"),
    ("area/A/grade", "A"),
]
THEME = [
    *((f"criterion/introduktion-T{i}/answer", answer) for i, answer in ((1, "godt"), (2, "ringe"), (3, "jævnt"))),
    ("area/introduktion/grade", "4"),
]
POINTS = [("criterion/allsidighet-P1/answer", "nej"), ("area/allsidighet/grade", "0")]


@pytest.mark.parametrize(
    ("reference", "area", "steps"),
    [
        ("st-spur/2015-8@1", "E", E),
        ("tema/dansk@2", "introduktion", THEME),
        ("poang/noll-till-tre@1", "allsidighet", POINTS),
    ],
)
def test_the_device_draws_what_the_server_would(
    open_page: OpenPage, enter: Enter, database: Database, reference: str, area: str, steps: list[tuple[str, Value]]
) -> None:
    """Answer by answer, in rubrics of every sort, on a page where nothing else draws."""
    draft = drafted_by(database, reference)
    with database.writing() as session:  # D has been changed: what is decided of it no longer shows
        at = {"id": new_id(), "inspection": draft.id, "area": "D", "place": 0, "version": 1}
        session.add(RegradeRow(**at, before="D", grade="B", because="revisit"))
    page = enter(open_page(service_workers="block"), draft.a)
    page.route("**/area.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.goto(f"/inspektioner/{draft.id}/omraden/{area}")
    stands: dict[str, Operation] = {}
    for key, value in steps:
        before = stands.get(key)
        stands[key] = Operation(new_id(), key, value, before.id if before else None)
        [answer] = draft.write(draft.a, stands[key])
        assert answer.outcome == "head"
        page.evaluate(_DRAW, [device("suggestion.js"), {each.field: each.value for each in stands.values()}])
        assert_drawn_alike(page)


def test_the_grading_follows_each_tap(page: Page, enter: Enter, database: Database, faults: list[str]) -> None:
    """As an inspector does it, and also without a net: what the page says is what a reload would say."""
    draft = drafted(database)
    enter(page, draft.a).goto(f"/inspektioner/{draft.id}/omraden/E")
    begun(page)
    reason = page.get_by_label("Varför, om beslutet skiljer sig från förslaget")
    steps: list[tuple[Callable[[], None], str]] = [
        (lambda: page.locator("label:has(#E-F1-met)").tap(), "som bäst A, som sämst D"),
        (lambda: page.locator("label:has(#E-AR5-unmet)").tap(), "som bäst C, som sämst D"),
        (lambda: page.locator("label:has(#beslut-A)").tap(), "som bäst C, som sämst D"),
        (lambda: reason.fill("Därför."), "som bäst C, som sämst D"),
        (lambda: page.locator("label:has(#E-F1-partly)").tap(), "förslag D"),
    ]
    for do, now in steps:
        page.context.set_offline(True)
        do()
        expect(page.locator("#nu")).to_contain_text(now)
        page.context.set_offline(False)
        expect(page.locator(".dock[data-state=saved]")).to_be_visible(timeout=20_000)
        assert_drawn_alike(page)
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in faults), faults
    faults.clear()


def drafted_by(database: Database, reference: str) -> Drafted:
    draft = drafted(database)
    setup = Setup(draft.place.clinic, draft.place.speciality, [draft.a.id, draft.b.id])
    with database.writing() as session:
        one = taken(LIBRARY, reference)
        published = replace(one, rubric=one.rubric.model_copy(update={"status": "published"}))
        return replace(draft, id=actions.create(session, by=draft.office, rubric=published, setup=setup))


# ── A time ────────────────────────────────────────────────────────────────────────────────


def test_a_time_is_told_alike(page: Page) -> None:
    now = datetime.now(UTC)
    moments = [now - timedelta(hours=hours) for hours in (0, 24, 48, 24 * 400)]
    page.goto("/logga-in")
    script = "async ([url, moments]) => { const { lately } = await import(url); return moments.map(lately); }"
    here = page.evaluate(script, [device("times.js"), [each.isoformat() for each in moments]])
    assert here == [lately(each) for each in moments]
