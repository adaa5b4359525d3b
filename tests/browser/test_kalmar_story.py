"""The whole visit of Kalmar at two tablets: from an empty inspection to the report that was printed in 2021, word for word."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import ascii_uppercase

import boxes  # type: ignore[import-not-found]
import golden  # type: ignore[import-not-found]
import pytest
from playwright.sync_api import Locator, Page, expect

from app.ids import new_id
from app.inspections import disk
from app.inspections.fields import ANSWER, GRADE, KIND, NARRATIVE, ORDER, TEXT
from tests.browser.areas import SAFE_SOON, line, opened, without_net
from tests.browser.axe import assert_accessible
from tests.browser.finds import arrived, saved
from tests.browser.hands import begun
from tests.browser.papers import beside, photographs
from tests.browser.talks import at
from tests.browser.visiting import (
    answers,
    answers_the_weakness,
    comments,
    describes,
    enters,
    fetches,
    goes,
    grades,
    is_done_alone,
    makes_a_finding_of_it,
    moves_up,
    notes,
    plans_a_talk,
    signs,
    sits_down_in,
    takes_along,
    writes_what_is_offered,
)
from tests.factories import RUBRIC, Drafted
from tests.paths import KALMAR
from tests.plans.factories import plan_id, with_people, write_down

_, FILE = disk.read(KALMAR)
LISTS = {"strength": "Styrkor", "weakness": "Svagheter", "improvement": "Förbättringspotential"}
STRENGTHS, WEAKNESSES, IMPROVEMENTS = ([each.text for each in FILE.findings if each.kind == kind] for kind in LISTS)
STRENGTH = STRENGTHS[0]
NO_PROGRAMME, NO_METHODS = WEAKNESSES[3], WEAKNESSES[1]
PROGRAMME, METHODS = IMPROVEMENTS[4], IMPROVEMENTS[2]
TEXTS = {id: review.narrative.strip() for id, review in FILE.areas.items()}
PRINTED = [line for line in golden.KALMAR.read_text("utf-8").splitlines() if line.strip()]
OF_THE_PLAN = "Under granskningen påvisades brister"  # how the two lines begin that came with the plan
GRADES = {"A": "A", "B": "A", "C": "A", "D": "D", "E": "D", "F": "A", "G": "A", "H": "A"}

# What is only between the two, and never printed.
TRAINEES, ROOM = "ST-läkare, år 3–5", "Bildrummet på plan 4"
HEARD, HE_HEARD = "Trivs, säger alla fem.", "Ingen har sett ett program på papper."
COMMENT, HIS_COMMENT = "Riktlinjen är från 2016.", "Två delar på ett bord."
SAID_ALONE, HE_SAID_ALONE = "Träffar hålls varje termin.", "Hälften kommer inte."
WHY, HIS_WHY = "Riktlinjen revideras i vår.", "Nya rum är beställda."
PRIVATE = (TRAINEES, ROOM, HEARD, HE_HEARD, COMMENT, HIS_COMMENT, SAID_ALONE, HE_SAID_ALONE, WHY, HIS_WHY, "Underlag")


def test_the_whole_visit(
    alva: Page, nils: Page, draft: Drafted, faults: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    they_plan_the_talks(alva, nils, draft)
    they_listen(alva, nils, draft, faults)
    they_answer_alone_and_agree(alva, nils, draft)
    he_looks_at_the_rooms(nils, draft, faults)
    she_writes_of_the_clinic(alva, draft)
    they_enter_the_rest(alva, nils)
    they_are_free_from_ties(alva, nils, draft)
    they_work_off_what_remains(alva, nils, draft)
    they_put_the_findings_in_order(alva, nils, draft)
    they_show_the_clinic(alva, draft)
    they_sign(alva, nils, draft, 1)
    says_all_but_what_came_of_the_plan(nils, tmp_path)
    the_clinic_plans(draft)
    he_lifts_the_grades(nils, draft)
    they_sign(nils, alva, draft, 2)
    says_what_the_real_one_says(alva, tmp_path, capsys)


def they_plan_the_talks(alva: Page, nils: Page, draft: Drafted) -> None:
    at(alva, draft, "program")
    plans_a_talk(alva, day="2021-10-18", begins="09:00", ends="09:45", role="st", who=TRAINEES, room=ROOM)
    alva.get_by_role("button", name="Lägg till ett samtal").tap()
    plans_a_talk(alva, day="2021-10-18", begins="10:00", ends="10:45", role="chef", who="", room="Sal 3")
    for page in (alva, nils):
        takes_along(page, draft)


def they_listen(alva: Page, nils: Page, draft: Drafted, faults: list[str]) -> None:
    """In the same talk; in his corner there is no net."""
    sits_down_in(alva, draft, TRAINEES)
    nils.context.set_offline(True)
    sits_down_in(nils, draft, TRAINEES)
    notes(nils, HE_HEARD, "D-F3")
    makes_a_finding_of_it(nils, "Svaghet", NO_PROGRAMME, "D-F3")
    line(nils, "2 ändringar väntar på nät")
    notes(alva, HEARD)
    makes_a_finding_of_it(alva, "Styrka", STRENGTH)
    saved(alva)
    nils.context.set_offline(False)
    saved(nils)
    without_net(faults)
    at(alva, draft, "program")
    sits_down_in(alva, draft, TRAINEES)
    expect(alva.locator("#o-D")).to_contain_text(HE_HEARD)


def they_answer_alone_and_agree(alva: Page, nils: Page, draft: Drafted) -> None:
    """Of one criterion; neither sees what the other has said until both are done."""
    at(alva, draft, "framsida").get_by_label("Svar och graderingar").select_option("1")
    saved(alva)
    for page, answer, comment in ((alva, "met", SAID_ALONE), (nils, "partly", HE_SAID_ALONE)):
        opened(page, draft, "B")
        expect(page.locator("#for-sig")).to_contain_text("Ni svarar var för sig")
        expect(page.locator("[id='B-KI2'] :checked")).to_have_count(0)
        answers(page, "B-KI2", answer)
        comments(page, "B-KI2", comment)
        saved(page)
    is_done_alone(alva, draft)
    saved(alva)
    is_done_alone(nils, draft)
    expect(nils.get_by_text("kvar att jämka ihop")).to_be_visible(timeout=SAFE_SOON)
    at(alva, draft, "jamka")
    for said in (SAID_ALONE, HE_SAID_ALONE):
        expect(alva.locator("[id='B-KI2'] .version").filter(has_text=said)).to_be_visible()
    answers(alva, "B-KI2", "partly")
    alva.get_by_role("button", name="Ta båda").tap()
    expect(alva.locator("[id='B-KI2']")).to_contain_text("Klart")  # written here: then it can be waited for
    saved(alva)
    at(nils, draft, "jamka")
    expect(nils.get_by_text("Inget att jämka ihop")).to_be_visible()


def he_looks_at_the_rooms(nils: Page, draft: Drafted, faults: list[str]) -> None:
    """Without a net."""
    nils.context.set_offline(True)
    opened(nils, draft, "C")
    photographs(nils, "C-KI1")
    for criterion, answer in (("C-F1", "met"), ("C-KI1", "partly"), ("C-KI2", "partly")):
        answers(nils, criterion, answer)
    comments(nils, "C-KI1", HIS_COMMENT)
    describes(nils, TEXTS["C"])
    grades(nils, "A", HIS_WHY)
    line(nils, "8 ändringar väntar på nät")
    nils.get_by_role("button", name="Visa vad").tap()
    expect(nils.locator("#vantande")).to_contain_text("Underlag om C-KI1")
    nils.context.set_offline(False)
    saved(nils)
    expect(beside(nils, "C-KI1").locator("summary")).to_contain_text("Underlag (1)")
    without_net(faults)
    opened(nils, draft, "D")
    answers(nils, "D-F3", "unmet")
    saved(nils)


def she_writes_of_the_clinic(alva: Page, draft: Drafted) -> None:
    opened(alva, draft, "A")
    describes(alva, TEXTS["A"])
    for criterion, answer in (("A-F1", "met"), ("A-F2", "partly"), ("A-F3", "met")):
        answers(alva, criterion, answer)
    comments(alva, "A-F2", COMMENT)
    grades(alva, "A", WHY)
    saved(alva)


def they_enter_the_rest(alva: Page, nils: Page) -> None:
    """All but what is left for `MENDED`."""
    unit = FILE.unit
    front = {"region": unit.region, "hospital": unit.hospital, "clinic": unit.clinic, "specialty": FILE.specialty}
    enters(alva, [(f"front/{name}", value) for name, value in front.items()])
    enters(alva, findings())
    enters(nils, areas())


def they_are_free_from_ties(alva: Page, nils: Page, draft: Drafted) -> None:
    """Said once more, since the front page names the unit otherwise than when they first did."""
    for page in (alva, nils):
        goes(page, f"/inspektioner/{draft.id}/band")
        page.get_by_role("button", name="Jag har inget band till enheten").tap()
        expect(page.locator("#oberoende")).to_contain_text("har svarat att du inte har något band")


def areas() -> Iterator[tuple[str, object]]:
    done, left = ("A-", "B-KI2", "C-", "D-F3"), ("G-KI4",)
    hangs = {"D-F4": "partly", "E-F4": "unmet", **dict.fromkeys(("F-F2", "F-AR1", "F-AR2", "F-AR3"), "na")}
    for area in RUBRIC.rubric.areas:
        for each in area.criteria:
            if not each.id.startswith(done + left):
                yield ANSWER.key(criterion=each.id), hangs.get(each.id, "met")
        if area.id not in "ABC":
            yield NARRATIVE.key(area=area.id), TEXTS[area.id]
        if area.id not in "ACH":
            yield GRADE.key(area=area.id), GRADES[area.id]


def findings() -> Iterator[tuple[str, object]]:
    """In the report's order, round the one in each list that stands there already, and without those that come later."""
    for kind, texts in zip(LISTS, (STRENGTHS, WEAKNESSES, IMPROVEMENTS), strict=True):
        there = next((i for i, text in enumerate(texts) if text in (STRENGTH, NO_PROGRAMME)), 0)
        for i, text in enumerate(texts):
            if text not in (STRENGTH, NO_PROGRAMME, NO_METHODS, PROGRAMME, METHODS):
                id, order = new_id(), ("a" if i > there else "B") + ascii_uppercase[i]  # the first that is made is "V"
                yield TEXT.key(finding=id), text
                yield KIND.key(finding=id), kind
                yield ORDER.key(finding=id), order


# ── What remains ──────────────────────────────────────────────────────────────────────────


def dates(page: Page) -> None:
    page.get_by_label("Första dagen").fill("2021-10-18")
    page.get_by_label("Sista dagen").fill("2021-10-19")


MENDED = {  # what the list says, and what is done about it where the line leads
    "uppgift saknas på framsidan: ort": lambda page: page.get_by_role("textbox", name="Ort", exact=True).fill("Kalmar"),
    "uppgift saknas på framsidan: dag för besöket": dates,
    "gradering saknas i område H": lambda page: grades(page, "A"),
    "beskrivning saknas i område B": lambda page: describes(page, TEXTS["B"]),
    "svaghet i område D": lambda page: answers_the_weakness(page, NO_PROGRAMME, PROGRAMME),
    "E-F1 har svaret ”Uppfyllt”, men hänger på D-F3": lambda page: answers(page, "E-F1", "partly"),
    "utan svaghet i område E": lambda page: writes_what_is_offered(page, "E-F4", NO_METHODS, METHODS),
    "utan svar i område G": lambda page: answers(page, "G-KI4", "met"),
}


def they_work_off_what_remains(alva: Page, nils: Page, draft: Drafted) -> None:
    """In turn, from the list to the place and back, until it is empty; its last line leads to the signing."""
    for left in range(len(MENDED), 0, -1):
        page = (alva, nils)[left % 2]
        first = what_remains(page, draft, left).first
        told = first.inner_text()
        [mends] = [mends for said, mends in MENDED.items() if said in told]
        first.tap()
        page.wait_for_url(re.compile("framsida|omraden|iakttagelser"))
        begun(page)
        mends(page)
        saved(page)
    for page in (alva, nils):
        what_remains(page, draft, 0)
    assert_accessible(nils)
    nils.get_by_role("link", name="Ni kan fastställa rapporten.").tap()
    expect(nils.get_by_role("button", name="Fastställ rapporten")).to_be_in_viewport()


def what_remains(page: Page, draft: Drafted, left: int) -> Locator:
    goes(page, f"/inspektioner/{draft.id}")
    lines = page.locator("#kvar-att-gora .left a")
    expect(lines).to_have_count(left)
    expect(page.get_by_role("link", name=f"Kvar {left}", exact=True)).to_be_visible()
    return lines


def they_put_the_findings_in_order(alva: Page, nils: Page, draft: Drafted) -> None:
    """What was written last stands last, until somebody moves it."""
    arrived(alva, draft)
    moves_up(alva, LISTS["weakness"], NO_METHODS, 2)
    moves_up(alva, LISTS["improvement"], METHODS, 3)
    saved(alva)
    arrived(nils, draft)
    moves_up(nils, LISTS["improvement"], PROGRAMME, 5)
    saved(nils)
    arrived(alva, draft)
    for texts in zip(LISTS.values(), (STRENGTHS, WEAKNESSES, IMPROVEMENTS), strict=True):
        expect(alva.get_by_role("region", name=texts[0]).locator(".find-text")).to_have_text(texts[1])
    assert_accessible(alva)


# ── In front of the clinic, and afterwards ────────────────────────────────────────────────


def they_show_the_clinic(page: Page, draft: Drafted) -> None:
    goes(page, f"/inspektioner/{draft.id}")
    page.get_by_role("link", name="Slutsamtal").tap()
    page.wait_for_selector("[data-ready=closing]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för två fina dagar")
    expect(page.get_by_role("heading", name="Gradering")).to_be_hidden()
    page.get_by_role("radio", name="Med gradering").check()
    expect(page.locator(".closing-grades li")).to_have_count(len(GRADES))
    for area, letter in GRADES.items():
        expect(page.locator(f".closing-grades [data-area={area}] .grade-mark")).to_have_text(letter)
    shown = page.locator("main").inner_text()
    assert [text for text in PRIVATE if text in shown] == []
    assert_accessible(page)


def they_sign(first: Page, then: Page, draft: Drafted, version: int) -> None:
    signs(first, draft)
    expect(first.get_by_text(re.compile(": har fastställt"))).to_be_visible()
    signs(then, draft)
    expect(then.get_by_role("heading", level=1)).to_have_text(f"Rapporten, version {version}")
    expect(then.locator(".where")).to_contain_text("18–19 oktober 2021")


def says_all_but_what_came_of_the_plan(page: Page, folder: Path) -> None:
    word, as_visited = fetches(page, "Word", folder / "1.docx"), folder / "as-visited.txt"
    as_visited.write_text("\n".join(each for each in PRINTED if not each.startswith(OF_THE_PLAN)), "utf-8")
    assert golden.main(str(word), str(as_visited)) == 0
    assert ticked(word) == GRADES
    nothing_of_the_work(word)


def the_clinic_plans(draft: Drafted) -> None:
    """As it did: its own story is told elsewhere."""
    made = with_people(draft)
    kalmar = replace(made, plan=plan_id(draft) or "")
    write_down(kalmar, kalmar.director, FILE.plan)
    kalmar.submit()
    kalmar.judge({"D": "accepted", "E": "accepted"}, kalmar.b)
    kalmar.answer(kalmar.a)


def he_lifts_the_grades(page: Page, draft: Drafted) -> None:
    page.goto(f"/inspektioner/{draft.id}/versioner/1")
    page.get_by_role("link", name="Till handlingsplanen").tap()
    page.get_by_role("link", name="Ändra gradering", exact=True).tap()
    for area in "DE":
        page.get_by_role("group", name=f"Ny gradering av {area} ").locator("input[value='C']").check()
    page.get_by_role("button", name="Ändra graderingen").tap()
    expect(page.get_by_role("heading", name="Väntar på att fastställas")).to_be_visible()


def says_what_the_real_one_says(page: Page, folder: Path, told: pytest.CaptureFixture[str]) -> None:
    """In its order; and in the file that is text alone too."""
    told.readouterr()
    word, text = fetches(page, "Word", folder / "2.docx"), fetches(page, "Text", folder / "2.txt")
    assert golden.main(str(word), str(golden.KALMAR)) == 0
    assert told.readouterr().out.strip() == "176 of 176 lines stand"
    assert ticked(word) == GRADES | {"D": "C", "E": "C"}
    nothing_of_the_work(word)
    whole, at = " ".join(text.read_text("utf-8").split()), 0
    for each in PRINTED:
        at = whole.index(golden.bare(each), at)
    assert [text for text in PRIVATE if text in whole] == []


def ticked(word: Path) -> dict[str, str]:
    return {area: text[0] for ticked, area, text in boxes.boxes(str(word)) if ticked}


def nothing_of_the_work(word: Path) -> None:
    """In no part of the file, and no picture in it but the marks of the grades."""
    with zipfile.ZipFile(word) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    said = "\n".join(
        re.sub("<[^>]*>", "", part.decode()) for name, part in parts.items() if name.endswith(("xml", "rels"))
    )
    assert [text for text in PRIVATE if text in said] == []
    assert len([name for name in parts if "/media/" in name]) == len(RUBRIC.rubric.scale)
