"""Independent first, agreed after: nobody hears another before all are done, nothing is lost, and all is laid together."""

import re
from dataclasses import replace

import pytest

from app.accounts.access import routes
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.config import Settings
from app.ids import new_id
from app.inspections import actions, queries
from app.inspections.signing import OwesMore, sign
from app.main import create_app
from app.writing import said
from app.writing.desk import Operation
from tests.factories import a_person, an_inspection, an_inspector
from tests.inspections.conftest import Visit
from tests.inspections.test_seclusion import told
from tests.writing import whole

APART, NARRATIVE = "front/apart", "area/E/narrative"
ANSWER, COMMENT = "criterion/E-F1/answer", "criterion/E-F1/comment"
OTHER, GRADE, REASON = "criterion/E-F2/answer", "area/E/grade", "area/E/grade_reason"
HIS = {COMMENT: "XannansXkommentarX", REASON: "XannansXskälX", ANSWER: "unmet", GRADE: "D", OTHER: "met"}
HERS = {COMMENT: "Alvas kommentar", ANSWER: "met", GRADE: "A", OTHER: "met"}
PATHS = [
    route.path
    for route in routes(create_app(Settings("sqlite:////nowhere")).routes)
    if route.methods == {"GET"} and "{inspection}" in route.path
]


@pytest.fixture
def apart(visit: Visit) -> Visit:
    visit.put(APART, "1", visit.office)
    return visit


def is_apart(visit: Visit) -> bool:
    with visit.database.reading() as session:
        return queries.find(session, visit.id).row.apart


def alone(visit: Visit, by: Viewer, field: str) -> object:
    """What stands in somebody's own voice."""
    with visit.database.reading() as session:
        found = said.heads(session, visit.id, by.id).get(field)
        return found.value if found and found.voice == by.id else None


def answers(visit: Visit, by: Viewer, values: dict[str, str]) -> None:
    outcomes = visit.write(by, *(Operation(new_id(), key, value, voice=by.id) for key, value in values.items()))
    assert {each.outcome for each in outcomes} == {"head"}


def is_done(visit: Visit, *people: Viewer) -> None:
    for each in people:
        visit.put(f"done/{each.id}", "1", each)


def both(visit: Visit) -> None:
    answers(visit, visit.a, HERS)
    answers(visit, visit.b, HIS)


# ── Nobody hears another ──────────────────────────────────────────────────────────────────


def _fetched(visit: Visit, viewer: Viewer) -> str:
    """All that any address about the inspection tells somebody, with the history of each field."""
    example = {"inspection": visit.id, "area": "E", "format": "txt", "number": "1"}
    asked = [re.sub(r"{(\w+)}", lambda part: example.get(part[1], visit.id), path) for path in PATHS]
    asked += [f"{visit.url}/historik?falt={field}" for field in (*HIS, NARRATIVE, APART, f"done/{visit.b.id}")]
    asked += [f"/api/inspections/{visit.id}/changes?since={since}&area=E" for since in (0, 1)]
    person = visit.browser(viewer)
    answers = [person.ask("GET", url) for url in (*asked, f"{visit.url}/omraden/F", "/inspektioner", "/")]
    assert max(each.status_code for each in answers) < 500
    return "".join(told(each) for each in answers)


def _met(visit: Visit, viewer: Viewer, marks: list[str]) -> set[str]:
    text = _fetched(visit, viewer)
    return {mark for mark in marks if mark in text}


def test_nothing_that_one_says_alone_reaches_another_before_all_are_done(apart: Visit) -> None:
    both(apart)
    apart.write(apart.b, Operation(new_id(), COMMENT, "XandraXenhetenX", voice=apart.b.id))  # from nothing: a sibling
    page = apart.open(apart.b, "/omraden/F").submit({"criterion/F-F1/comment": "XformulärX", "area/F/grade": "C"})
    assert page.value("criterion/F-F1/comment") == "XformulärX"
    his = [each.id for each in apart.revisions() if each.voice == apart.b.id]
    assert len(his) == len(HIS) + 3
    apart.put(NARRATIVE, "Skrivet tillsammans.", apart.a)
    words = ("XannansX", "XandraX", "XformulärX")
    marks = [*his, *words]
    with apart.database.writing() as session:
        coordinator = a_person(session, "Sam", Held(Role.COORDINATOR, speciality=apart.place.speciality))
    for viewer in (apart.a, apart.office, coordinator):
        assert _met(apart, viewer, marks) == set(), viewer.name
    assert _met(apart, apart.b, marks) >= set(words)  # a search that finds nothing would prove nothing
    is_done(apart, apart.b)
    assert _met(apart, apart.a, marks) == set()
    is_done(apart, apart.a)
    for viewer in (apart.a, apart.office):
        assert _met(apart, viewer, marks) >= set(words)
    assert _met(apart, coordinator, marks) == set()


def test_nothing_is_counted_for_another_before_all_are_done(apart: Visit) -> None:
    before = [apart.open(apart.a, page).said for page in ("", "/omraden/E", "/rapport")]
    answers(apart, apart.b, HIS)
    apart.write(apart.b, Operation(new_id(), COMMENT, "En annan enhet", voice=apart.b.id))
    assert [apart.open(apart.a, page).said for page in ("", "/omraden/E", "/rapport")] == before
    assert "2 av" in apart.open(apart.b).said


def test_what_came_late_from_one_who_left_is_not_told_either(apart: Visit) -> None:
    with apart.database.writing() as session:
        c = an_inspector(session, apart.place, "Cim Tredje")
        actions.staff(session, by=apart.office, inspection=apart.id, inspectors=[apart.a.id, c.id])
    [answer] = apart.write(apart.b, Operation(new_id(), COMMENT, HIS[COMMENT]))
    assert answer.outcome == "late"
    assert HIS[COMMENT] not in apart.open(apart.a, "/olika").text + apart.open(apart.a, "/rapport").text
    apart.put(APART, None)
    assert HIS[COMMENT] in apart.open(apart.a, "/olika").text


# ── Each for oneself ──────────────────────────────────────────────────────────────────────


def test_the_page_is_ones_own(apart: Visit) -> None:
    answers(apart, apart.b, HIS)
    page = apart.open(apart.a, "/omraden/E").submit(HERS)
    assert {key: page.value(key) for key in HERS} == HERS
    assert "Förslag utifrån dina svar" in page.said
    assert {key: alone(apart, apart.a, key) for key in HERS} == HERS
    assert {key: alone(apart, apart.b, key) for key in HIS} == HIS
    assert [apart.stands(key) for key in HIS] == [None] * len(HIS)
    page = apart.open(apart.b, "/omraden/E").submit({ANSWER: "partly"})
    assert [page.value(key) for key in (ANSWER, OTHER, GRADE)] == ["partly", "met", "D"]
    page = page.submit(button=("clear", ANSWER))
    assert (page.value(ANSWER), page.value(OTHER)) == (None, "met")
    with apart.database.reading() as session:
        whole.check(session, apart.id)


def test_what_is_agreed_before_stays_agreed_and_is_written_together(visit: Visit) -> None:
    visit.put(ANSWER, "met", visit.a)
    visit.put(APART, "1", visit.b)
    visit.open(visit.b, "/omraden/E").submit({ANSWER: "unmet", OTHER: "met", NARRATIVE: "Tillsammans."})
    assert [visit.stands(each) for each in (ANSWER, OTHER, NARRATIVE)] == ["unmet", None, "Tillsammans."]
    assert visit.open(visit.a, "/omraden/E").value(ANSWER) == "unmet"


def test_two_devices_of_one_person_are_settled_by_that_person(apart: Visit) -> None:
    answers(apart, apart.a, HERS)
    apart.write(apart.a, Operation(new_id(), COMMENT, "Från en annan enhet", voice=apart.a.id))
    page = apart.open(apart.a, "/omraden/E")
    assert "Du har skrivit olika här" in page.said
    assert "där ni skrivit olika" not in apart.open(apart.a).said  # a signature is not about it
    [*_, beside] = apart.revisions(COMMENT)
    page = page.submit(button=("keep", beside.id))
    assert (page.value(COMMENT), "olika här" in page.said) == ("Från en annan enhet", False)
    assert alone(apart, apart.a, COMMENT) == "Från en annan enhet"


def test_an_earlier_text_of_ones_own_is_taken_up_in_ones_own_voice(apart: Visit) -> None:
    answers(apart, apart.b, HIS)
    apart.open(apart.a, "/omraden/E").submit({COMMENT: "Först"}).submit({COMMENT: "Sedan"})
    first = apart.revisions(COMMENT)[1]
    page = apart.open(apart.a, f"/historik?falt={COMMENT}").submit(button=("version", first.id))
    assert page.status == 200
    assert (alone(apart, apart.a, COMMENT), apart.stands(COMMENT)) == ("Först", None)
    theirs = Operation(first.id, COMMENT, HIS[COMMENT])
    answer = page.person.ask("POST", f"{apart.url}/historik", data={"falt": COMMENT, "version": theirs.id + "x"})
    assert answer.status_code == 404


# ── How it begins, and ends ───────────────────────────────────────────────────────────────


def test_it_is_off_until_somebody_sets_it(visit: Visit) -> None:
    visit.open(visit.a, "/omraden/E").submit({ANSWER: "met"})
    assert (is_apart(visit), visit.stands(ANSWER)) == (False, "met")
    page = visit.open(visit.b, "/framsida").submit({APART: "1"})
    assert (page.value(APART), is_apart(visit)) == ("1", True)


def test_each_says_it_for_oneself_and_takes_it_back_until_all_have(apart: Visit) -> None:
    [answer] = apart.write(apart.b, Operation(new_id(), f"done/{apart.a.id}", "1"))
    assert answer.outcome == "refused"
    page = apart.open(apart.a, "/jamka").submit({f"done/{apart.a.id}": "1"})
    assert (page.value(f"done/{apart.a.id}"), is_apart(apart)) == ("1", True)
    page = page.submit(button=("clear", f"done/{apart.a.id}"))
    is_done(apart, apart.b)
    assert is_apart(apart)
    is_done(apart, apart.a)
    assert not is_apart(apart)
    back = apart.revisions(f"done/{apart.a.id}")[-1].id
    [answer] = apart.write(apart.a, Operation(new_id(), f"done/{apart.a.id}", None, back))
    assert answer.outcome == "refused"


def test_whoever_has_handed_over_is_waited_for_no_more(apart: Visit) -> None:
    both(apart)
    is_done(apart, apart.a)
    with apart.database.writing() as session:
        c = an_inspector(session, apart.place, "Cim Tredje")
        actions.staff(session, by=apart.office, inspection=apart.id, inspectors=[apart.a.id, c.id])
    assert is_apart(apart)  # the new one has not answered yet
    is_done(apart, c)
    assert not is_apart(apart)
    assert HIS[COMMENT] in apart.open(c, "/jamka").text


def test_with_three_all_are_waited_for(visit: Visit) -> None:
    with visit.database.writing() as session:
        c = an_inspector(session, visit.place, "Nils Tredje")
        visit = replace(visit, id=an_inspection(session, visit.place, visit.office, visit.a, visit.b, c))
    visit.put(APART, "1")
    both(visit)
    answers(visit, c, {ANSWER: "partly", OTHER: "met"})
    is_done(visit, visit.a, c)
    assert is_apart(visit)
    assert "XannansX" not in visit.open(c, "/jamka").text
    is_done(visit, visit.b)
    page = visit.open(c, "/jamka")
    assert all(text in page.said for text in ("Alva", "Nils Påhitt", "Delvis uppfyllt", HIS[COMMENT], HERS[COMMENT]))
    page.submit(button=("equal", "E"))
    assert [visit.stands(each) for each in (OTHER, ANSWER)] == ["met", None]


def test_alone_it_does_nothing_and_is_not_offered(visit: Visit) -> None:
    with visit.database.writing() as session:
        visit = replace(visit, id=an_inspection(session, visit.place, visit.office, visit.a))
    assert APART not in visit.open(visit.a, "/framsida").text
    visit.put(APART, "1")
    assert not is_apart(visit)
    visit.open(visit.a, "/omraden/E").submit({ANSWER: "met"})
    assert visit.stands(ANSWER) == "met"


def test_who_comes_in_afterwards_hides_nothing_again(apart: Visit) -> None:
    both(apart)
    is_done(apart, apart.a, apart.b)
    with apart.database.writing() as session:
        c = an_inspector(session, apart.place, "Cim Tredje")
        everybody = [apart.a.id, apart.b.id, c.id]
        actions.staff(session, by=apart.office, inspection=apart.id, inspectors=everybody)
    assert not is_apart(apart)
    assert HIS[COMMENT] in apart.open(apart.a, "/jamka").text


def test_turned_off_midway_all_waits_to_be_laid_together(apart: Visit) -> None:
    both(apart)
    apart.put(APART, None)
    page = apart.open(apart.a, "/jamka")
    assert HIS[COMMENT] in page.said
    assert HERS[COMMENT] in page.said
    # What was typed before its device heard of it is of the same sort; what is typed afterwards is everybody's.
    answers(apart, apart.b, {"criterion/E-F3/answer": "met"})
    apart.open(apart.b, "/omraden/E").submit({"criterion/E-F4/answer": "unmet"})
    assert [apart.stands(f"criterion/E-F{n}/answer") for n in (3, 4)] == [None, "unmet"]
    # A form that was drawn before goes on from what its writer had said alone.
    seen = next(each for each in apart.revisions(OTHER) if each.by == apart.a.id)
    apart.write(apart.a, Operation(new_id(), OTHER, "unmet", seen.id))
    assert (alone(apart, apart.a, OTHER), apart.stands(OTHER)) == ("unmet", None)


# ── Laid together ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shown(apart: Visit) -> Visit:
    both(apart)
    is_done(apart, apart.a, apart.b)
    return apart


def test_they_agree_one_by_one(shown: Visit) -> None:
    page = shown.open(shown.a, "/jamka")
    assert "5 kvar att jämka ihop" in page.said
    page = page.submit({ANSWER: "partly"})
    assert (shown.stands(ANSWER), "4 kvar" in page.said) == ("partly", True)
    his, hers = (next(each for each in shown.revisions(COMMENT) if each.by == by.id) for by in (shown.b, shown.a))
    page = page.submit(button=("take", f"{COMMENT}={hers.id} {his.id}"))
    assert shown.stands(COMMENT) == f"{HERS[COMMENT]}\n\n{HIS[COMMENT]}"
    page = page.submit(button=("take", f"{REASON}="))
    page = page.submit({GRADE: "B"})
    assert (shown.stands(REASON), shown.stands(GRADE)) == (None, "B")
    page = page.submit(button=("equal", "E"))
    assert "Inget att jämka ihop" in page.said
    assert {each.voice for each in shown.revisions() if each.field in HIS} == {"agreed", shown.a.id, shown.b.id}
    with shown.database.reading() as session:
        whole.check(session, shown.id)
        assert said.clashes(session, shown.id, []) == []


def test_one_tap_takes_what_is_alike_and_nothing_else(shown: Visit) -> None:
    page = shown.open(shown.b, "/jamka")
    sent = page.filled(button=("equal", "E"))
    for _ in range(2):
        page.person.send(*sent)
    assert [shown.stands(each) for each in HIS] == [None, None, None, None, "met"]
    assert len(shown.revisions(OTHER)) == 3


def test_two_who_agree_on_different_things_at_once_are_asked(shown: Visit) -> None:
    pages = [shown.open(by, "/jamka") for by in (shown.a, shown.b)]
    for page, value in zip(pages, ("met", "unmet"), strict=True):
        page.submit({ANSWER: value})
    assert "Ni har skrivit olika här" in shown.open(shown.a, "/omraden/E").said


def test_what_remains_tells_how_many_and_leads_there(apart: Visit) -> None:
    both(apart)
    is_done(apart, apart.a)
    for viewer in (apart.a, apart.office):
        assert "inspektör är inte klar med sina egna svar" in apart.open(viewer).said
    with pytest.raises(OwesMore) as told:
        sign(apart.database, by=apart.a, inspection=apart.id, seen=apart.hash())
    assert told.value.left[0].place == "voices"
    is_done(apart, apart.b)
    page = apart.open(apart.a)
    [line] = page.tree.xpath(f"//ul[@class='left']//a[@href='{apart.url}/jamka']")
    assert " ".join(line.text_content().split()).startswith("5svar, kommentarer och graderingar att jämka ihop")
    with pytest.raises(OwesMore) as told:
        sign(apart.database, by=apart.a, inspection=apart.id, seen=apart.hash())
    assert "area/E/grade" in [each.place for each in told.value.left]


def test_a_form_of_this_page_that_comes_before_all_are_done_says_nothing_for_others(apart: Visit) -> None:
    both(apart)
    his = next(each for each in apart.revisions(COMMENT) if each.by == apart.b.id)
    page = apart.open(apart.a, "/jamka")
    action, pairs = page.filled()
    page.person.send(action, [*pairs, ("take", f"{COMMENT}={his.id}"), ("equal", "E")])
    assert (apart.stands(COMMENT), apart.stands(OTHER)) == (None, None)
    assert alone(apart, apart.a, COMMENT) == HERS[COMMENT]
