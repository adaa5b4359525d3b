"""The programme and the notes of a visit at two tablets: made, changed, without a net; and a note that becomes a finding."""

import json

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from app.ids import id_from, new_id
from app.inspections.fields import NOTE
from app.inspections.models import InterviewRow
from app.web.static_files import device
from app.writing.desk import Operation
from app.writing.said import heads
from tests.browser.areas import SAFE_SOON, line, saved, without_net
from tests.browser.axe import assert_accessible
from tests.browser.finds import row
from tests.browser.hands import assert_fits, begun
from tests.browser.talks import at, last, talk, to_finding
from tests.everybody import as_signed
from tests.factories import Drafted


def wanted(draft: Drafted, **values: str) -> str:
    """A talk that is in the programme already."""
    id = new_id()
    said = {"role": "st", "day": "2026-10-20", "from": "08:30", "to": "09:15"} | values
    draft.write(draft.a, *(Operation(new_id(), f"interview/{id}/{name}", value) for name, value in said.items()))
    return id


def test_a_programme_is_made_at_a_tablet_and_comes_to_the_other(alva: Page, nils: Page, draft: Drafted) -> None:
    at(nils, draft, "program")
    at(alva, draft, "program")
    assert_accessible(alva)  # empty
    new = last(alva)
    new.get_by_label("Dag").fill("2026-10-21")
    new.get_by_label("Från").fill("09:00")
    new.get_by_label("Till").fill("09:45")
    new.get_by_label("Roll").select_option("chef")
    expect(new.get_by_role("heading", level=3)).to_have_text("09.00–09.45 Chef")
    alva.get_by_role("button", name="Lägg till ett samtal").tap()
    new = last(alva)
    expect(new.get_by_label("Dag")).to_be_focused()
    new.get_by_label("Dag").fill("2026-10-20")
    new.get_by_label("Från").fill("13:00")
    new.get_by_label("Vilka ni träffar").fill("ST-läkare, år 1–2")
    new.get_by_label("Rum").fill("Sal 3")
    alva.get_by_role("heading", level=1).tap()
    saved(alva)
    order = alva.locator(".talk h3")
    expect(order).to_have_text(["13.00 ST-läkare, år 1–2 Sal 3", "09.00–09.45 Chef"])
    expect(alva.locator(".talk-day:visible")).to_have_text(["Tisdag 20 oktober", "Onsdag 21 oktober"])
    assert_accessible(alva)

    expect(talk(nils, "13.00 ST-läkare, år 1–2 Sal 3")).to_be_visible(timeout=SAFE_SOON)  # by itself
    talk(nils, "Chef").get_by_text("Ändra").tap()
    talk(nils, "Chef").get_by_label("Rum").fill("Chefens rum")
    saved(nils)
    talk(nils, "Chef").get_by_role("button", name="Ta bort samtalet").tap()
    undo = nils.get_by_role("button", name="Ångra och hämta tillbaka samtalet")
    expect(undo).to_be_focused()
    saved(nils)
    expect(talk(alva, "09.00–09.45 Chef Chefens rum")).to_be_hidden(timeout=SAFE_SOON)
    undo.tap()
    expect(talk(nils, "09.00–09.45 Chef Chefens rum")).to_be_visible()
    expect(talk(alva, "09.00–09.45 Chef Chefens rum")).to_be_visible(timeout=SAFE_SOON)
    saved(nils)
    assert_accessible(nils)
    with draft.database.reading() as session:
        rows = session.exec(select(InterviewRow)).all()
        assert sorted((each.begins, each.room, each.gone) for each in rows) == [
            ("09:00", "Chefens rum", ""),
            ("13:00", "Sal 3", ""),
        ]


def test_a_programme_is_written_without_a_net_and_a_taken_away_talk_comes_back(
    alva: Page, draft: Drafted, faults: list[str]
) -> None:
    wanted(draft)
    at(alva, draft, "program")
    saved_before = talk(alva, "08.30–09.15 ST-läkare")
    alva.context.set_offline(True)
    saved_before.get_by_text("Ändra").tap()
    saved_before.get_by_role("button", name="Ta bort samtalet").tap()
    last(alva).get_by_label("Vilka ni träffar").fill("Handledare")
    last(alva).get_by_label("Roll").select_option("handledare")
    alva.get_by_role("heading", level=1).tap()
    line(alva, "väntar på nät")
    alva.get_by_role("button", name="Visa vad").tap()
    expect(alva.locator("#vantande")).to_contain_text("Programmet: ”Handledare”")
    for bare in ("”handledare”", "”1”"):  # as it is kept
        expect(alva.locator("#vantande")).not_to_contain_text(bare)
    alva.get_by_role("button", name="Stäng", exact=True).tap()
    alva.context.set_offline(False)
    saved(alva)
    without_net(faults)
    at(alva, draft, "program")
    expect(talk(alva, "Handledare")).to_be_visible()
    expect(saved_before).to_have_count(0)
    alva.get_by_text("Borttagna (1)").tap()
    alva.get_by_role("button", name="Hämta tillbaka").tap()
    expect(saved_before).to_be_visible()
    saved(alva)


def test_notes_are_taken_without_a_net_and_one_becomes_a_finding(
    alva: Page, nils: Page, draft: Drafted, faults: list[str]
) -> None:
    id = wanted(draft)
    notes = f"intervjuer/{id}"
    his = NOTE.key(interview=id, person=draft.b.id, about="fritt")
    at(alva, draft, "program")
    talk(alva, "08.30–09.15 ST-läkare").get_by_role("link", name="Anteckningar").tap()
    expect(alva.get_by_role("heading", level=1)).to_have_text("ST-läkare")
    begun(alva)
    assert_accessible(alva)
    at(nils, draft, notes)

    alva.context.set_offline(True)
    alva.locator("#o-E > summary").tap()
    own = alva.get_by_role("textbox", name="Din anteckning om E-F1")
    expect(to_finding(alva, "E-F1")).to_be_hidden()
    expect(alva.locator("[data-about=E-F1] > .since-row")).to_be_hidden()  # many below each other: no room is kept
    own.fill("Handledningen ställs in.")
    to_finding(alva, "E-F1").tap()
    sheet = alva.get_by_role("dialog", name="Ny iakttagelse")
    expect(sheet.get_by_role("textbox")).to_have_value("Handledningen ställs in.")
    expect(sheet.get_by_role("combobox")).to_have_value("E")
    expect(sheet.get_by_role("checkbox", name="E-F1")).to_be_checked()
    sheet.get_by_role("radio", name="Svaghet").check()
    sheet.get_by_role("button", name="Lägg till", exact=True).tap()
    expect(sheet).to_be_hidden()
    line(alva, "2 ändringar väntar på nät")

    lead = nils.locator("main > .lead")
    expect(lead).to_have_text("Tisdag 20 oktober · 08.30–09.15")
    about = {"who": "ST-läkare, år 1–2", "room": "Sal 4"}
    draft.write(draft.b, *(Operation(new_id(), f"interview/{id}/{name}", value) for name, value in about.items()))
    nils.get_by_role("textbox", name="Det som sägs").fill("Gott mod.")
    saved(nils)
    expect(nils.get_by_role("heading", level=1)).to_have_text("ST-läkare, år 1–2", timeout=SAFE_SOON)
    expect(lead).to_have_text("Tisdag 20 oktober · 08.30–09.15 · ST-läkare · Sal 4")
    alva.context.set_offline(False)
    saved(alva)
    without_net(faults)
    expect(alva.locator(f'[data-other="{his}"]')).to_contain_text("Nils Påhitt skrev", timeout=SAFE_SOON)
    expect(alva.locator(f'[data-other="{his}"]')).to_contain_text("Gott mod.")
    expect(nils.locator("#o-E")).to_contain_text("Handledningen ställs in.", timeout=SAFE_SOON)
    with draft.database.reading() as session:
        assert heads(session, draft.id)[NOTE.key(interview=id, person=draft.a.id, about="E-F1")].value
    at(nils, draft, "iakttagelser")
    expect(row(nils, "Handledningen ställs in.").get_by_role("link", name="E-F1")).to_be_visible()
    at(nils, draft, notes)
    assert_accessible(nils)
    ids = nils.locator("#o-E .crit-id")
    assert ids.evaluate_all("all => all.filter((id) => id.scrollWidth > id.clientWidth).length") == 0  # beside its text


def test_what_was_begun_in_the_sheet_is_not_written_over_by_a_note(alva: Page, draft: Drafted) -> None:
    at(alva, draft, f"intervjuer/{wanted(draft)}")
    alva.get_by_role("textbox", name="Det som sägs").fill("Gott mod.")
    alva.locator("[data-capture]:visible").last.tap()
    sheet = alva.get_by_role("dialog", name="Ny iakttagelse")
    sheet.get_by_role("textbox").fill("Något annat.")
    sheet.get_by_role("button", name="Stäng").tap()
    to_finding(alva, "fritt").tap()
    expect(sheet.get_by_role("textbox")).to_have_value("Något annat.")
    expect(sheet.get_by_role("status")).to_contain_text("Den här hade du börjat på.")
    saved_so_far = alva.get_by_role("textbox", name="Det som sägs")
    expect(saved_so_far).to_have_value("Gott mod.")


# ── Names ─────────────────────────────────────────────────────────────────────────────────

NAMED = [  # what is typed, and what is taken for a name in it
    ("ST-läkare Anna säger att tiden inte räcker.", "Anna"),
    ("Det var ST-läkaren Anna Berg som sade det.", "Anna Berg"),
    ("Dr Berg är sällan på plats.", "Berg"),
    ("dr. Berg", "Berg"),
    ("Doktor Åsa-Maria Öberg handleder.", "Åsa-Maria Öberg"),
    ("patienten Karl kom fel", "Karl"),
    ("Patient Karlsson", "Karlsson"),
]
NUMBERED = ["19121212-1212", "121212-1212", "121212+1212", "191212121212", "pat 121272-1212.", "(1212121212)"]
QUIET = [
    "",
    "ST-läkare säger att tiden inte räcker.",
    "ST-läkare. Anna är inte nämnd så.",
    "ST-läkare\nHandledning saknas.",
    "En ST-läkare på Akuten",
    "ST-läkare A och B",
    "Dr X",
    "patienten är trygg",
    "Patientsäkerhet Bra",
    "Verksamhetschefen Eva",  # who heads a clinic is no secret
    "E-F1 och E-AR3",
    "2026-10-20 kl. 08.30",
    "tel 0480-123456",
    "121312-1212",  # there is no such month
    "1234567890123456",
]


def test_a_text_that_names_somebody_is_told_so_and_another_is_not(alva: Page, draft: Drafted) -> None:
    at(alva, draft, f"intervjuer/{wanted(draft)}")
    typed = [text for text, _ in NAMED] + NUMBERED + QUIET
    found = alva.evaluate(
        "async ([url, texts]) => { const { looksNamed } = await import(url); return JSON.parse(texts).map(looksNamed); }",
        [device("names.js"), json.dumps(typed)],
    )
    told = [f"Är ”{name}” ett namn? Skriv roll i stället, så känns ingen igen." for _, name in NAMED]
    told += ["Det här ser ut som ett personnummer. Skriv roll i stället."] * len(NUMBERED)
    assert dict(zip(typed, found, strict=True)) == dict(zip(typed, [*told, *("" for _ in QUIET)], strict=True))

    own = alva.get_by_role("textbox", name="Det som sägs")
    own.press_sequentially("ST-läkare Anna")
    expect(alva.get_by_role("status").filter(has_text="Är ”Anna” ett namn?")).to_be_visible()
    assert_accessible(alva)
    own.fill("ST-läkare, år 1")
    expect(alva.get_by_role("status").filter(has_text="ett namn?")).to_have_count(0)
    saved(alva)


@pytest.mark.parametrize("where", ["program", "intervjuer"])
def test_a_report_that_was_signed_meanwhile_is_told(alva: Page, draft: Drafted, where: str) -> None:
    id = wanted(draft)
    with draft.database.writing() as session:
        as_signed(session, draft.id, "signed")
    at(alva, draft, "program" if where == "program" else f"intervjuer/{id}")
    expect(alva.get_by_text("Rapporten är fastställd.").first).to_be_visible()
    expect(alva.get_by_role("button", name="Lägg till ett samtal")).to_have_count(0)
    assert_accessible(alva)


def test_an_address_for_the_calendar_is_made_on_the_way_from_the_programme(alva: Page, draft: Drafted) -> None:
    id = wanted(draft, who="Alva Namn")
    at(alva, draft, "program").get_by_role("link", name="hämta programmet själv").click()
    alva.get_by_role("button", name="Gör en adress").click()
    address = alva.get_by_label("Adressen").input_value()
    assert_accessible(alva)
    assert_fits(alva)
    fetched = alva.request.get(address)
    assert f"UID:{id_from(draft.id, id)}@sporra" in fetched.text()
    assert "Namn" not in fetched.text()
    alva.get_by_role("link", name="Jag har kopierat den").click()
    expect(alva.get_by_text("Du har en adress sedan")).to_be_visible()
    assert_accessible(alva)
    alva.get_by_role("button", name="Ta bort adressen").click()
    expect(alva.get_by_text("Adressen gäller inte längre")).to_be_visible()
    assert alva.request.get(address).status == 404
