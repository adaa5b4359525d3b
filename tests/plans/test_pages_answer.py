"""The inspectors' answer, filled in without script: what is shown, saved, kept beside, sent, and what comes too late."""

import pytest

from app.inspections import actions as inspections
from tests.plans.desk import SEND, Desk
from tests.plans.factories import another, measure

D, E = "version/1/area/D/verdict", "version/1/area/E/verdict"
WHY_D, WHY_E = "version/1/area/D/reason", "version/1/area/E/reason"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
LONG = "å" * 20_001


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """Submitted: a text about D, a measure under E that rests on what only is recommended."""
    desk.plan.put("area/D/text", "Vi gör om introduktionen.")
    measure(desk.plan, what="Gemensamma handledarträffar", area="E", criteria=["E-AR5", "D-F3"], owner="studierektorn")
    desk.plan.submit()
    return desk


# ── What is shown ─────────────────────────────────────────────────────────────────────────


def test_what_was_found_and_what_was_submitted_stand_together(waiting: Desk) -> None:
    waiting.plan.tell(waiting.plan.director)  # nothing more can be written
    page = waiting.open(waiting.plan.a)
    assert page.status == 200
    for told in (
        "Vi gör om introduktionen.",
        "1. Gemensamma handledarträffar",
        "Säger inte när eller hur det visas.",
        "Åtgärder krävs",
        "0 av 2 områden har svar",
    ):
        assert told in page.said
    assert "åtgärd 1, Gemensamma handledarträffar" in page.said  # under D too, whose criterion it answers
    assert [each.get("id") for each in page.tree.xpath("//fieldset[@id]")] == [D, E]


def test_what_the_clinic_writes_afterwards_is_not_shown(waiting: Desk) -> None:
    waiting.plan.judge({"D": ("more", "När?"), "E": "accepted"})
    waiting.plan.answer()
    waiting.plan.put("area/D/text", "Inte inlämnat än.")
    page = waiting.open(waiting.plan.a)
    assert "Ni bad om en komplettering" in page.said
    assert "Vi gör om introduktionen." in page.said
    assert "Inte inlämnat än." not in page.text


def test_before_it_is_submitted_the_page_says_how_it_stands(desk: Desk) -> None:
    page = desk.open(desk.plan.a)
    assert (page.status, "Kliniken har inte lämnat in planen än." in page.said) == (200, True)
    assert not page.tree.xpath("//form[@id='omrade']")


# ── Saving ────────────────────────────────────────────────────────────────────────────────


def test_what_is_filled_in_is_there_again(waiting: Desk) -> None:
    typed = {D: "more", WHY_D: "Rad ett.\n\nRad två.", E: "accepted"}
    after = waiting.open(waiting.plan.a).submit(typed)
    assert (after.status, after.url) == (200, f"{waiting.url}/svar")
    assert {name: after.value(name) for name in typed} == typed
    assert "2 av 2 områden har svar" in after.said
    assert waiting.plan.state == "submitted"


def test_the_same_form_sent_twice_makes_its_operations_once(waiting: Desk) -> None:
    page = waiting.open(waiting.plan.a)
    sent = page.filled({D: "accepted", WHY_D: "Bra."})
    for _ in range(3):
        assert page.person.send(*sent).status == 200
    history = waiting.open(waiting.plan.b, f"/svar/historik?falt={WHY_D}")
    assert len(history.tree.xpath("//ol[@class='plain stack']/li")) == 1


def test_two_answers_are_both_kept_until_somebody_chooses(waiting: Desk) -> None:
    pages = [waiting.open(each) for each in (waiting.plan.a, waiting.plan.b)]
    for page, verdict in zip(pages, ("accepted", "more"), strict=True):
        assert page.submit({D: verdict}).status == 200
    shown = waiting.open(waiting.plan.b)
    assert [each.text for each in shown.tree.xpath("//*[@class='version']/p")] == ["Behöver kompletteras", "Godtas"]
    stopped = waiting.send(shown, {E: "accepted"})
    assert (stopped.status, stopped.title[:6]) == (422, "1 sak ")
    kept = shown.tree.xpath("//button[@name='keep']/@value")
    after = stopped.submit(button=("keep", kept[0]))
    assert (after.value(D), "skrivit olika" in after.said) == ("more", False)


def test_a_text_too_long_comes_back_whole_and_the_rest_is_saved(waiting: Desk) -> None:
    answered = waiting.open(waiting.plan.a).submit({WHY_D: LONG, D: "more"})
    assert (answered.status, answered.value(WHY_D)) == (422, LONG)
    [line] = answered.tree.xpath("//*[@role='alert']//li/a")
    assert answered.tree.xpath(f"//*[@id='{line.get('href')[1:]}']")
    assert (waiting.plan.stands(D), waiting.plan.stands(WHY_D)) == ("more", None)
    assert answered.submit({WHY_D: "Kort."}).status == 200
    assert waiting.plan.stands(WHY_D) == "Kort."


def test_an_earlier_text_can_be_taken_up_again(waiting: Desk) -> None:
    waiting.open(waiting.plan.a).submit({WHY_D: "Först."})
    waiting.open(waiting.plan.b).submit({WHY_D: "Sedan."})
    history = waiting.open(waiting.plan.a, f"/svar/historik?falt={WHY_D}")
    assert history.said.count("Det som gäller") == 1
    [button] = history.tree.xpath("//button[@name='version']/@value")
    after = history.submit(button=("version", button))
    assert (after.status, waiting.plan.stands(WHY_D)) == (200, "Först.")


# ── Sending ───────────────────────────────────────────────────────────────────────────────


def test_what_is_owed_is_told_with_the_way_there_and_nothing_is_sent(waiting: Desk) -> None:
    back = waiting.send(waiting.open(waiting.plan.a), {D: "more"})
    assert (back.status, back.title[:6], waiting.plan.state) == (422, "2 sake", "submitted")
    links = back.tree.xpath("//*[@role='alert']//li/a/@href")
    assert links == [f"#{WHY_D}", f"#{E}"]
    assert all(back.tree.xpath(f"//*[@id='{each[1:]}']") for each in links)
    assert back.value(D) == "more"  # what came along is kept


def test_what_is_typed_just_before_the_button_goes_along(waiting: Desk) -> None:
    sent = waiting.send(waiting.open(waiting.plan.a), {D: "more", WHY_D: "När görs det?", E: "accepted"})
    assert (sent.status, waiting.plan.state, waiting.plan.stands(WHY_D)) == (200, "more", "När görs det?")
    assert "Ni bad om en komplettering" in sent.said
    assert "Alva Exempel" in sent.said


def test_with_script_the_page_is_loaded_anew_once_it_is_sent(waiting: Desk) -> None:
    sent = waiting.send(waiting.open(waiting.plan.a), {D: "accepted", E: "accepted"}, HTMX)
    assert (sent.status, sent.answer.headers["hx-redirect"]) == (204, f"{waiting.url}/svar")
    assert waiting.plan.state == "accepted"


def test_sent_by_the_other_meanwhile_it_is_told_in_a_sentence(waiting: Desk) -> None:
    page = waiting.open(waiting.plan.b)
    waiting.plan.judge({"D": "accepted", "E": "accepted"})
    waiting.plan.answer()
    again = waiting.send(page)
    assert (again.status, "väntar inte på svar: planen är godtagen" in again.said) == (409, True)


def test_last_times_answer_stands_beside_the_next_one(waiting: Desk) -> None:
    waiting.send(waiting.open(waiting.plan.a), {D: "more", WHY_D: "När görs det?", E: "accepted"})
    waiting.plan.put("area/D/text", "Vi gör om introduktionen i mars.")
    waiting.plan.submit()
    page = waiting.open(waiting.plan.b)
    assert "Ni svarade på version 1: Behöver kompletteras" in page.said
    assert "När görs det?" in page.said
    assert page.said.count("Kliniken har inte ändrat något här sedan version 1.") == 1  # in E alone
    assert page.value("version/2/area/D/verdict") is None


# ── Too late ──────────────────────────────────────────────────────────────────────────────


def test_a_text_that_comes_after_the_answer_was_sent_is_kept_beside(waiting: Desk) -> None:
    page = waiting.open(waiting.plan.b)
    waiting.plan.judge({"D": "accepted", "E": "accepted"})
    waiting.plan.answer()
    told = page.submit({WHY_D: "Skrivet för sent."})
    assert (told.status, told.title) == (409, "Den inlämningen väntar inte på svar – Sporra")
    assert "finns kvar, bredvid svaret" in told.said
    assert waiting.plan.stands(WHY_D) is None
    shown = waiting.open(waiting.plan.a)
    assert "1 text kom efter att svaret skickades" in shown.said
    assert "Skrivet för sent." in shown.said


def test_an_answer_to_the_submission_before_is_given_back(waiting: Desk) -> None:
    page = waiting.open(waiting.plan.b)
    waiting.send(waiting.open(waiting.plan.a), {D: "more", WHY_D: "När görs det?", E: "accepted"})
    waiting.plan.submit()
    for told in (page.submit({WHY_E: "Ett långt skäl."}), waiting.send(page, {WHY_E: "Ett långt skäl."})):
        assert (told.status, "Ett långt skäl." in told.said, "Det är inte sparat." in told.said) == (409, True, True)


@pytest.mark.parametrize("address", ["/svar", SEND])
@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("reason", ["Sent skäl.", LONG])
def test_who_has_handed_over_reads_nothing_whatever_they_send(
    waiting: Desk, address: str, headers: dict[str, str], reason: str
) -> None:
    with waiting.plan.database.writing() as session:
        inspections.correct(session, by=waiting.plan.office, inspection=waiting.plan.id, cause="Byte.")
        inspections.staff(session, by=waiting.plan.office, inspection=waiting.plan.id, inspectors=[waiting.plan.b.id])
    sent = [("sheet", "6f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a51"), ("version", "1"), (WHY_D, reason)]
    answer = waiting.browser(waiting.plan.a).send(f"{waiting.url}{address}", sent, headers)
    assert (answer.status, answer.title) == (409, "Inspektionen är överlämnad – Sporra")
    for secret in ("Vi gör om", "kliniken", "handledarträffar", "/planer/", "grade-"):
        assert secret not in answer.text
    assert (LONG in answer.text) == (reason == LONG)
    assert waiting.plan.state == "submitted"
    assert waiting.open(waiting.plan.a).status == 404


# ── With script ───────────────────────────────────────────────────────────────────────────


def test_htmx_gets_the_parts_that_the_page_is_made_of(waiting: Desk) -> None:
    page = waiting.open(waiting.plan.a)
    url, pairs = page.filled({D: "accepted"})
    answer = page.person.send(url, pairs, HTMX)
    assert (answer.status, "<html" in answer.text) == (200, False)
    [got], [shown] = (each.tree.xpath("//*[@id='besvarat']") for each in (answer, waiting.open(waiting.plan.a)))
    assert " ".join(got.text_content().split()) == " ".join(shown.text_content().split())


def test_htmx_loads_the_page_anew_where_two_have_answered(waiting: Desk) -> None:
    page = waiting.open(waiting.plan.a)
    waiting.plan.judge({"D": ("accepted", "Nils skäl.")}, by=waiting.plan.b)
    answer = page.person.send(*page.filled({WHY_D: "Alvas skäl."}), HTMX)
    assert (answer.status, answer.answer.headers["hx-refresh"]) == (204, "true")


def test_another_plan_is_not_touched(waiting: Desk) -> None:
    other = another(waiting.plan).as_submitted()
    waiting.open(waiting.plan.a).submit({D: "accepted"})
    assert other.stands(D) is None
