"""The clinic's pages without script: measures come about, are changed, logged and taken away; nothing typed is lost."""

from datetime import date, timedelta

import pytest

from app.ids import new_id
from app.plans import content, fields
from app.plans.models import MeasureRow
from app.plans.pages.frame import today
from app.writing.desk import Operation
from tests.plans.desk import Desk
from tests.plans.factories import measure

AREA, TEXT = "/omraden/E", fields.TEXT.key(area="E")


def measures(desk: Desk) -> list[MeasureRow]:
    with desk.plan.database.reading() as session:
        return content.measures(session, desk.plan.plan)


def test_a_measure_of_ones_own_takes_with_it_what_was_typed_elsewhere(desk: Desk) -> None:
    page = desk.open(desk.plan.director, AREA)
    sent = page.filled({TEXT: "Egna ord.", "what": "Handledarträffar"}, ("add", "own"))
    for _ in range(2):  # pressed twice
        assert page.person.send(*sent).status == 200
    [made] = measures(desk)
    assert (made.what, made.area, desk.plan.stands(TEXT)) == ("Handledarträffar", "E", "Egna ord.")


def test_a_measure_without_a_word_is_asked_for_and_nothing_else_is_lost(desk: Desk) -> None:
    after = desk.open(desk.plan.director, AREA).submit({TEXT: "Egna ord.", "what": " "}, ("add", "own"))
    assert (after.status, after.value(TEXT), measures(desk)) == (422, "Egna ord.", [])
    assert "Skriv vad ni ska göra." in after.said


def test_from_the_bank_comes_what_it_says_with_the_criterion_it_was_looked_up_for(desk: Desk) -> None:
    page = desk.open(desk.plan.director, f"{AREA}?svarar=E-KI2")
    after = page.submit(button=("add", "M26"))
    [made] = measures(desk)
    assert (made.bank, made.area, made.criteria) == ("M26", "E", ["E-KI2"])
    assert made.what
    assert made.proof
    assert "Finns i planen" in after.said
    assert "svarar=E-KI2" in after.url


def test_what_recurs_in_the_bank_recurs_in_the_plan(desk: Desk) -> None:
    desk.open(desk.plan.director, f"{AREA}?svarar=alla").submit(button=("add", "M14"))
    [made] = desk.plan.content().measures
    assert made.recurs
    assert (made.recurs.times, made.recurs.per, made.recurs.each) == (6, "year", "trainee")


def test_what_is_written_in_a_measure_is_there_again(desk: Desk) -> None:
    id = measure(desk.plan, what="Träffar", area="E")
    key = f"measure/{id}"
    typed = {
        f"{key}/how": "Rad ett.\n\nRad två.",
        f"{key}/owner": "Studierektor",
        f"{key}/criteria": ["E-F4", "B-KI2"],
        f"{key}/start": "2027-01-01",
        f"{key}/due": "2027-12-31",
        f"{key}/times": "2",
        f"{key}/term": "träffar",
    }
    after = desk.open(desk.plan.director, f"/atgarder/{id}").submit(typed)
    assert (after.status, {name: desk.plan.stands(name) for name in typed}) == (200, typed)
    assert "minst 2 träffar per år, från 1 januari 2027, till 31 december 2027" in after.said


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("due", "i vår", "är ingen dag"),
        ("times", "många", "skriv ett tal från 1 till 1000"),
        ("owner", "å" * 20_001, "högst 20 000"),
    ],
)
def test_what_cannot_be_kept_comes_back_to_be_mended(desk: Desk, name: str, typed: str, told: str) -> None:
    id = measure(desk.plan, what="Träffar", area="E")
    key = f"measure/{id}"
    after = desk.open(desk.plan.director, f"/atgarder/{id}").submit({f"{key}/{name}": typed, f"{key}/how": "Så här."})
    assert (after.status, after.value(f"{key}/{name}"), desk.plan.stands(f"{key}/how")) == (422, typed, "Så här.")
    assert told in after.said


def test_a_measure_due_before_it_starts_is_kept_and_stops_the_submission(desk: Desk) -> None:
    measure(desk.plan, what="Baklänges", area="E", start="2027-05-01", due="2027-04-01")
    after = desk.open(desk.plan.director, "/lamna-in").submit()
    assert (after.status, desk.plan.state) == (422, "draft")
    assert "Baklänges: den ska vara klar 2027-04-01, före den börjar 2027-05-01. Rätta en av dagarna." in after.said


def test_a_measure_that_is_taken_away_can_be_brought_back(desk: Desk) -> None:
    id = measure(desk.plan, what="Träffar", area="E")
    after = desk.open(desk.plan.director, f"/atgarder/{id}").submit(button=("remove", id))
    assert (measures(desk), "Borttagna åtgärder (1)" in after.said) == ([], True)
    after.submit(button=("restore", id))
    assert [each.what for each in measures(desk)] == ["Träffar"]


def test_who_read_another_plan_reads_again_before_submitting(desk: Desk) -> None:
    desk.plan.put(TEXT, "Ett.")
    page = desk.open(desk.plan.director, "/lamna-in")
    desk.plan.put(TEXT, "Ett och två.", desk.plan.head)
    after = page.submit()
    assert (after.status, desk.plan.state) == (409, "draft")
    assert "Någon har ändrat i planen sedan du läste den." in after.said
    assert after.submit().status == 200
    assert desk.plan.state == "submitted"


def test_what_comes_after_submission_is_kept_and_said_so(desk: Desk) -> None:
    desk.plan.put(TEXT, "Ett.")
    page = desk.open(desk.plan.director, AREA)
    desk.plan.submit()
    after = page.submit({TEXT: "Ett, och mer."})
    assert (after.status, desk.plan.stands(TEXT), desk.plan.late()) == (409, "Ett.", ["Ett, och mer."])
    assert "Planen är inlämnad" in after.said


def test_a_plan_can_be_edited_after_its_deadline(desk: Desk) -> None:
    with desk.plan.database.writing() as session:
        session.merge(desk.plan.row.model_copy(update={"due": today() - timedelta(days=18)}))
    page = desk.open(desk.plan.director, AREA)
    assert "18 dagar sen" in page.said
    assert page.submit({TEXT: "Sent, men här."}).status == 200
    assert desk.plan.stands(TEXT) == "Sent, men här."


# ── Following ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def followed(desk: Desk) -> tuple[Desk, str]:
    id = measure(
        desk.plan, what="EPA", area="E", times="6", per="year", each="trainee", start=f"{today().year - 1}-01-01"
    )
    desk.plan.as_accepted()
    return desk, id


def done(desk: Desk) -> list[tuple[date, int]]:
    return [(each.day, each.count) for one in desk.plan.content().measures for each in one.done]


def test_a_log_pressed_twice_is_logged_once_and_again_after_the_page_is_new(followed: tuple[Desk, str]) -> None:
    desk, id = followed
    page = desk.browser(desk.plan.director).open("/min-klinik")
    sent = page.filled(button=("measure", id))
    after = [page.person.send(*sent) for _ in range(2)][-1]
    assert (done(desk), "Loggad i dag." in after.said) == ([(today(), 1)], True)
    after.submit(button=("measure", id))
    assert done(desk) == [(today(), 1), (today(), 1)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"day": str(date.max)}, "Dagen har inte varit än."),
        ({"day": "i går"}, "Skriv dagen som 2026-10-20."),
        ({"count": "0"}, "Skriv antalet som ett tal från 1 till 1000."),
        ({"count": "många"}, "Skriv antalet som ett tal från 1 till 1000."),
    ],
)
def test_what_cannot_be_logged_is_said_and_the_note_given_back(
    followed: tuple[Desk, str], typed: dict[str, str], told: str
) -> None:
    desk, id = followed
    page = desk.open(desk.plan.director, f"/atgarder/{id}")
    after = page.submit({"note": "Under placeringen.", "day": str(today()), **typed})
    assert (after.status, done(desk)) == (422, [])
    assert told in after.said
    assert "Under placeringen." in after.said


def test_st_lakare_are_counted_from_a_day_on(followed: tuple[Desk, str]) -> None:
    desk, _ = followed
    page = desk.open(desk.plan.director, "/atgarder")
    assert "Skriv hur många ni är" in page.said
    page = page.submit({"since": f"{today().year - 1}-01-01", "trainees": "12"})
    page = page.submit({"since": f"{today().year}-07-01", "trainees": "14"})
    assert desk.plan.stands("plan/staff") == [f"{today().year - 1}-01-01 12", f"{today().year}-07-01 14"]
    assert page.submit({"since": "2026-01-01", "trainees": "tolv"}).status == 422
    assert f"av {6 * 12}" not in page.said  # those who came in July count for their part of the year
    assert len(desk.plan.content().staff) == 2


def test_what_is_not_of_this_plan_is_not_found(followed: tuple[Desk, str]) -> None:
    desk, _ = followed
    person = desk.browser(desk.plan.director)
    for path, pairs in (("/logga", [("measure", new_id())]), ("/angra", [("occurrence", new_id())])):
        assert person.send(f"{desk.url}{path}", [("sheet", new_id()), *pairs]).status == 404
    assert person.open(f"{desk.url}/atgarder/{new_id()}").status == 404
    assert person.open(f"{desk.url}/omraden/Z").status == 404
    assert done(desk) == []


# ── Found by an attacker ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", [{"note": "å" * 20_001}, {"count": "1" * 5_000}, {"day": "0001-01-01"}])
def test_nothing_is_logged_by_half(followed: tuple[Desk, str], typed: dict[str, str]) -> None:
    desk, id = followed
    page = desk.open(desk.plan.director, f"/atgarder/{id}")
    assert (page.submit({"day": str(today()), **typed}).status, done(desk)) == (422, [])
    assert page.submit({"day": str(today()), "note": "Kort."}).status == 200
    assert done(desk) == [(today(), 1)]


def test_two_who_write_the_number_of_st_lakare_at_once_lock_nothing(desk: Desk) -> None:
    desk.plan.put("area/E/text", "Ett.")
    for by, line in ((desk.plan.director, "2026-05-01 9"), (desk.plan.head, "2026-05-02 9")):
        [answer] = desk.plan.tell(by, Operation(new_id(), "plan/staff", [line]))  # neither has seen the other's
        assert answer.outcome == "head"
    assert desk.open(desk.plan.director, "/lamna-in").submit().status == 200
    assert desk.plan.state == "submitted"


def test_a_measure_that_is_refused_comes_back_as_it_was_typed(desk: Desk) -> None:
    long = "en åtgärd " * 2_001
    after = desk.open(desk.plan.director, AREA).submit({"what": long}, ("add", "own"))
    assert (after.status, after.value("what"), measures(desk)) == (422, long, [])


def test_enter_adds_the_measure_that_was_typed_and_else_only_saves(desk: Desk) -> None:
    page = desk.open(desk.plan.director, AREA).submit({TEXT: "Ett.", "what": ""}, ("add", "enter"))
    assert (page.status, measures(desk), desk.plan.stands(TEXT)) == (200, [], "Ett.")
    page.submit({"what": "Träffar"}, ("add", "enter"))
    assert [each.what for each in measures(desk)] == ["Träffar"]


def test_what_answers_any_criterion_covers_none_by_itself(desk: Desk) -> None:
    desk.open(desk.plan.director, f"{AREA}?svarar=E-F5").submit(button=("add", "M37"))
    assert [each.criteria for each in measures(desk)] == [[]]


def test_what_is_noted_of_an_occasion_stays_with_the_clinic(desk: Desk) -> None:
    id, occurrence = measure(desk.plan, what="Träff", area="E", times="2", per="year"), new_id()
    for name, value in (("measure", id), ("day", "2026-02-01"), ("note", "Bara vår.")):
        desk.plan.put(f"occurrence/{occurrence}/{name}", value)
    desk.plan.submit()
    assert "2026-02-01" in desk.plan.submitted()[0].content
    assert "Bara vår." not in desk.plan.submitted()[0].content
