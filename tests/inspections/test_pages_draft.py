"""The pages around the areas, without script: findings, the front page, the inspectors, what was written before."""

import pytest

from app.accounts.roles import Held, Role
from app.ids import new_id
from tests.factories import RUBRIC, a_person, a_place, an_inspector
from tests.forms import Page
from tests.inspections.conftest import Visit

FINDINGS, FRONT = "/iakttagelser", "/framsida"
LONG = "å" * 20_001


def _add(visit: Visit, text: str, kind: str = "strength", button: str = "one", **more: str) -> Page:
    return visit.open(visit.a, FINDINGS).submit({"text": text, "kind": kind, **more}, ("add", button))


def _listed(page: Page, kind: str = "strength") -> list[str]:
    return [
        each.text for each in page.tree.xpath(f"//section[@aria-labelledby='k-{kind}']//p[@class='find-text asis']")
    ]


def _id(page: Page, text: str) -> str:
    [item] = page.tree.xpath(f"//li[starts-with(@id, 'f-') and contains(., '{text}')]/@id")
    return str(item).removeprefix("f-")


# ── Findings ──────────────────────────────────────────────────────────────────────────────


def test_findings_are_added_one_by_one_and_one_after_another(visit: Visit) -> None:
    page = _add(visit, "Gott kollegium.", area="E")
    assert _listed(page) == ["Gott kollegium."]
    page = _add(visit, "Ont om tid.", "weakness", "more", area="E")
    assert page.url.endswith("?omrade=E#ny")
    assert page.tree.xpath("//*[@id='ny']//select/option[@selected]/@value") == ["E"]
    page = _add(visit, "Bra schema.")
    assert (_listed(page), _listed(page, "weakness")) == (["Gott kollegium.", "Bra schema."], ["Ont om tid."])


def test_a_new_finding_sent_twice_is_one_and_another_text_from_the_same_page_another(visit: Visit) -> None:
    page = visit.open(visit.a, FINDINGS)
    typed = {"text": "Gott kollegium.", "kind": "strength"}
    sent = page.filled(typed, ("add", "one"))
    after = [page.person.send(*sent) for _ in range(2)][-1]
    assert (after.status, _listed(after)) == (200, ["Gott kollegium."])
    went_back = page.submit(typed | {"text": "Bra schema."}, ("add", "one"))
    assert _listed(went_back) == ["Gott kollegium.", "Bra schema."]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"text": "Något.", "kind": None}, "Välj slag"),
        ({"text": " ", "kind": "strength"}, "Skriv vad du såg eller hörde."),
        ({"text": LONG, "kind": "strength"}, "20 001 tecken"),
    ],
)
def test_a_finding_that_lacks_something_comes_back_and_leaves_nothing_behind(
    visit: Visit, typed: dict[str, str | None], told: str
) -> None:
    before = len(visit.revisions())
    page = visit.open(visit.a, f"{FINDINGS}?omrade=E")
    back = page.submit(typed | {"area": "E", "criteria": ["E-F1"]}, ("add", "one"))
    assert (back.status, back.value("text"), back.value("kind")) == (422, typed["text"], typed["kind"])
    assert (back.value("area"), back.value("criteria")) == ("E", "E-F1")
    [line] = back.tree.xpath("//*[@role='alert']//li/a")
    assert told in line.text
    assert back.tree.xpath(f"//*[@id='{line.get('href')[1:]}']")
    assert len(visit.revisions()) == before


def test_a_finding_is_changed_and_linked(visit: Visit) -> None:
    id = _id(_add(visit, "Gott.", area="E"), "Gott.")
    edit = visit.open(visit.b, f"{FINDINGS}?andra={id}")
    field = f"finding/{id}"
    page = edit.submit(
        {f"{field}/text": "Mycket gott.", f"{field}/kind": "weakness", f"{field}/criteria": ["", "E-F1"]}
    )
    assert (_listed(page), _listed(page, "weakness")) == ([], ["Mycket gott."])
    assert visit.stands(f"{field}/criteria") == ["E-F1"]
    back = visit.open(visit.b, f"{FINDINGS}?andra={id}").submit({f"{field}/text": LONG})
    assert (back.status, back.value(f"{field}/text"), visit.stands(f"{field}/text")) == (422, LONG, "Mycket gott.")


def test_findings_move_past_each_other_and_stop_at_the_ends(visit: Visit) -> None:
    for text in ("Ett", "Två", "Tre"):
        page = _add(visit, text)
    ids = {text: _id(page, text) for text in ("Ett", "Två", "Tre")}

    def after(way: str, text: str) -> list[str]:
        return _listed(visit.open(visit.a, FINDINGS).submit(button=("move", f"{way}:{ids[text]}")))

    assert after("up", "Tre") == ["Ett", "Tre", "Två"]
    assert after("up", "Tre") == ["Tre", "Ett", "Två"]
    before = len(visit.revisions())
    assert after("up", "Tre") == ["Tre", "Ett", "Två"]
    assert after("down", "Två") == ["Tre", "Ett", "Två"]
    assert len(visit.revisions()) == before
    assert after("down", "Tre") == ["Ett", "Tre", "Två"]


def test_a_move_sent_twice_moves_once(visit: Visit) -> None:
    for text in ("Ett", "Två", "Tre"):
        page = _add(visit, text)
    sent = page.filled(button=("move", f"up:{_id(page, 'Tre')}"))
    assert [_listed(page.person.send(*sent)) for _ in range(2)] == [["Ett", "Tre", "Två"]] * 2


def test_whichever_button_is_pressed_what_is_typed_elsewhere_on_the_page_is_kept(visit: Visit) -> None:
    page = _add(visit, "Gott kollegium.")
    id = _id(page, "Gott kollegium.")
    half = page.submit({"text": "Halvskrivet."}, ("remove", id))  # nobody has said what it is yet
    assert (half.status, half.value("text"), _listed(half)) == (422, "Halvskrivet.", [])
    half.submit(button=("restore", id))
    edited = visit.open(visit.a, f"{FINDINGS}?andra={id}")
    both = edited.submit({f"finding/{id}/text": "Mycket gott.", "text": "Nytt.", "kind": "strength"})
    assert _listed(both) == ["Mycket gott.", "Nytt."]


def test_a_finding_is_removed_and_brought_back(visit: Visit) -> None:
    page = _add(visit, "Gott kollegium.")
    id = _id(page, "Gott kollegium.")
    gone = page.submit(button=("remove", id))
    assert (_listed(gone), "Borttagna (1)" in gone.said) == ([], True)
    back = gone.submit(button=("restore", id))
    assert (_listed(back), "Borttagna (1)" in back.said) == (["Gott kollegium."], False)


@pytest.mark.parametrize(("button", "left"), [("restore", ["Gott kollegium, fast nytt."]), ("remove", [])])
def test_a_finding_that_one_removes_while_another_writes_on_waits_for_a_choice(
    visit: Visit, button: str, left: list[str]
) -> None:
    page = _add(visit, "Gott kollegium.")
    id = _id(page, "Gott kollegium.")
    visit.put(f"finding/{id}/text", "Gott kollegium, fast nytt.", visit.b)
    asked = page.submit(button=("remove", id))
    assert "En av er tog bort den här, och texten har ändrats sedan dess." in asked.said
    assert "Någon har tagit bort" not in visit.open(visit.a).said
    after = asked.submit(button=(button, id))
    assert (_listed(after), "En av er tog bort den här" in after.said) == (left, False)


# ── Front page ────────────────────────────────────────────────────────────────────────────


def test_the_front_page_is_written_by_office_and_inspectors(visit: Visit) -> None:
    typed = {"front/place": "Exempelstad", "front/first_day": "2026-10-19", "front/last_day": "2026-10-20"}
    typed |= {"front/mode": "digital", "front/inspectors": "Alva Exempel\nNils Påhitt\n", "front/hospital": ""}
    after = visit.open(visit.office, FRONT).submit(typed)
    assert after.status == 200
    assert visit.stands("front/inspectors") == ["Alva Exempel", "Nils Påhitt"]
    assert "19–20 oktober 2026" in visit.open(visit.a).said
    assert visit.stands("front/hospital") is None


def test_what_a_report_cannot_lack_can_be_changed_and_not_emptied(visit: Visit) -> None:
    before = visit.stands("front/clinic")
    typed = {"front/clinic": " ", "front/first_day": "i höst", "front/place": "Exempelstad"}
    back = visit.open(visit.a, FRONT).submit(typed)
    assert (back.status, back.title[:20]) == (422, "2 saker att rätta: F")
    assert [back.value(name) for name in typed] == [" ", "i höst", "Exempelstad"]
    for line in back.tree.xpath("//*[@role='alert']//li/a"):
        assert back.tree.xpath(f"//*[@id='{line.get('href')[1:]}']/@aria-invalid") == ["true"]
    assert "Resten är sparat." in back.said
    assert (visit.stands("front/clinic"), visit.stands("front/place")) == (before, "Exempelstad")


@pytest.mark.parametrize(
    ("field", "one", "other", "shown"),
    [
        ("front/place", "Ettstad", "Tvåstad", ["Ettstad", "Tvåstad"]),
        ("front/mode", "digital", "hybrid", ["Digitalt", "Både på plats och digitalt"]),
        ("front/inspectors", "Alva\nNils", "Nils\nAlva", ["Alva, Nils", "Nils, Alva"]),
    ],
)
def test_two_fronts_stand_side_by_side_until_one_is_chosen(
    visit: Visit, field: str, one: str, other: str, shown: list[str]
) -> None:
    pages = visit.open(visit.a, FRONT), visit.open(visit.b, FRONT)
    for page, text in zip(pages, (one, other), strict=True):
        page.submit({field: text})
    page = visit.open(visit.office, FRONT)
    assert [each.text for each in page.tree.xpath("//*[@class='version']/p")] == shown
    assert visit.open(visit.a, "/olika").said.count("Välj") > 0
    after = page.submit(button=("keep", page.tree.xpath("//button[@name='keep']/@value")[1]))
    assert (after.value(field), "skrivit olika" in after.said) == (other, False)


# ── Inspectors ────────────────────────────────────────────────────────────────────────────


def test_an_inspector_who_falls_ill_hands_over_and_what_they_wrote_stays(visit: Visit) -> None:
    visit.put("area/E/narrative", "Nils ord.", visit.b)
    with visit.database.writing() as session:
        new = an_inspector(session, visit.place, "Siv Ersättare")
    ill = visit.open(visit.b, "/omraden/E")
    after = visit.open(visit.office, "/inspektorer").submit({"inspektor": [visit.a.id, new.id]})
    assert (after.url, "Siv Ersättare" in after.said, "Nils Påhitt" in after.said) == (visit.url, True, False)
    assert visit.open(new, "/omraden/E").value("area/E/narrative") == "Nils ord."
    assert visit.open(visit.b).status == 404
    late = ill.submit({"area/E/narrative": "Nils sista ord."})
    assert late.status == 409
    assert visit.stands("area/E/narrative") == "Nils ord."
    assert "Nils sista ord." in visit.open(visit.a, "/olika").said


def test_somebody_must_inspect(visit: Visit) -> None:
    back = visit.open(visit.office, "/inspektorer").submit({"inspektor": None})
    assert (back.status, back.title[:18]) == (422, "1 sak att rätta: I")
    assert "Välj minst en inspektör" in back.said
    assert "Alva Exempel" in visit.open(visit.office).said


# ── History ───────────────────────────────────────────────────────────────────────────────


def test_an_earlier_text_is_taken_back(visit: Visit) -> None:
    first = visit.put("area/E/narrative", "Först.")
    visit.put("area/E/narrative", "Sedan.", visit.b)
    page = visit.open(visit.a, "/historik?falt=area/E/narrative")
    assert page.said.index("Sedan.") < page.said.index("Först.")
    sent = page.filled(button=("version", first))
    assert [page.person.send(*sent).status for _ in range(2)] == [200, 200]
    assert visit.stands("area/E/narrative") == "Först."
    assert len(visit.revisions("area/E/narrative")) == 3


def test_the_office_takes_back_what_it_may_write_and_is_offered_no_more(visit: Visit) -> None:
    first = visit.put("front/place", "Ettstad")
    visit.put("front/place", "Tvåstad")
    visit.open(visit.office, "/historik?falt=front/place").submit(button=("version", first))
    assert visit.stands("front/place") == "Ettstad"
    said = visit.put("area/E/narrative", "Först.")
    visit.put("area/E/narrative", "Sedan.")
    page = visit.open(visit.office, "/historik?falt=area/E/narrative")
    assert (page.status, page.tree.xpath("//button[@name='version']")) == (200, [])
    sent = [("falt", "area/E/narrative"), ("version", said), ("sheet", said)]
    assert page.person.send(f"{visit.url}/historik", sent).status == 404
    assert visit.stands("area/E/narrative") == "Sedan."


@pytest.mark.parametrize("field", ["", "front/nothing", "front/place", "front/\0", "area/Z/narrative"])
def test_a_field_without_a_history_is_not_found(visit: Visit, field: str) -> None:
    person = visit.browser(visit.a)
    assert person.ask("GET", f"{visit.url}/historik", params={"falt": field}).status_code == 404
    for version in ("x", "\0", visit.revisions()[0].id):
        sent = [("falt", field), ("version", version), ("sheet", "x")]
        assert person.send(f"{visit.url}/historik", sent).status == 404


# ── Setting up ────────────────────────────────────────────────────────────────────────────


def _new(visit: Visit) -> Page:
    unit = f"{visit.place.clinic}:{visit.place.speciality}"
    return visit.browser(visit.office).open(f"/inspektioner/ny?enhet={unit}")


SET_UP = {"modell": RUBRIC.rubric.reference, "forsta": "2026-10-19", "sista": "2026-10-20", "ort": "Exempelstad"}


def test_the_office_sets_up_a_visit(visit: Visit) -> None:
    made = _new(visit).submit(SET_UP | {"inspektor": [visit.a.id, visit.b.id], "form": "hybrid"})
    assert made.status == 200
    for told in ("Exempelstad", "19–20 oktober 2026", "Alva Exempel", "Nils Påhitt"):
        assert told in made.said
    assert visit.browser(visit.a).open(made.url).status == 200


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"inspektor": None}, "inspektor"),
        ({"forsta": "i höst"}, "forsta"),
        ({"sista": "2026-10-01"}, "sista"),
        ({"modell": "st-spur/1999@1"}, "modell"),
        ({"modell": "../etc@1"}, "modell"),
        ({"modell": "\0"}, "modell"),
        ({"form": "brev"}, "form"),
        ({"inspektor": ["\0"]}, "inspektor"),
        ({"ort": LONG}, "ort"),
    ],
)
def test_a_visit_that_lacks_something_comes_back_with_all_that_was_typed(
    visit: Visit, typed: dict[str, str | list[str] | None], wrong: str
) -> None:
    filled = SET_UP | {"inspektor": [visit.a.id], "form": "hybrid"} | typed
    back = _new(visit).submit(filled)
    assert (back.status, back.title[:17]) == (422, "1 sak att rätta: ")
    assert back.tree.xpath("//*[@role='alert']//li/a/@href") == [f"#{wrong}"]
    assert back.tree.xpath(f"//*[@id='{wrong}']")
    kept = {name: value for name, value in filled.items() if name not in ("modell", "form", "inspektor")}
    assert {name: back.value(name) for name in kept} == kept
    assert "inspektor" in typed or back.value("inspektor") == visit.a.id


@pytest.mark.parametrize("unit", ["\0:\0", "x:y", ":", "00000000-0000-4000-8000-000000000000:x"])
def test_a_unit_that_is_not_there_is_not_found(visit: Visit, unit: str) -> None:
    url, pairs = _new(visit).filled(SET_UP | {"inspektor": [visit.a.id]})
    sent = [pair for pair in pairs if pair[0] != "enhet"] + [("enhet", unit)]
    assert visit.browser(visit.office).send(url, sent).status in (404, 422)


def test_a_coordinator_sets_up_in_the_own_speciality_alone(visit: Visit) -> None:
    with visit.database.writing() as session:
        other = a_person(
            session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=a_place(session, new_id()[:8]).speciality)
        )
    url, pairs = _new(visit).filled(SET_UP | {"inspektor": [visit.a.id]})
    assert visit.browser(other).send(url, [pair for pair in pairs if pair[0] != "whose"]).status == 404
