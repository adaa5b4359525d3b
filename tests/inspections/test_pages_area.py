"""The page of one area, filled in without script: what is saved, what is kept beside, what comes back to be mended."""

import pytest

from tests.inspections.conftest import Visit

AREA = "/omraden/E"
TEXT, ANSWER, COMMENT = "area/E/narrative", "criterion/E-F1/answer", "criterion/E-F1/comment"
GRADE, REASON = "area/E/grade", "area/E/grade_reason"
LONG = "å" * 20_001


def test_what_is_filled_in_is_there_again(visit: Visit) -> None:
    typed = {TEXT: "Rad ett.\n\nRad två.", ANSWER: "unmet", COMMENT: "Sagt av ST.", GRADE: "D", REASON: "Därför."}
    after = visit.open(visit.a, AREA).submit(typed)
    assert (after.status, after.url) == (200, f"{visit.url}{AREA}")
    assert {name: after.value(name) for name in typed} == typed
    assert {each.field: visit.stands(each.field) for each in visit.revisions()[-5:]} == typed
    assert {each.by for each in visit.revisions()[-5:]} == {visit.a.id}


def test_a_form_sent_back_unchanged_makes_no_operation(visit: Visit) -> None:
    visit.open(visit.a, AREA).submit({TEXT: " Två  blanka \noch\tflik\n", ANSWER: "met", COMMENT: "\nFörst tomt"})
    before = len(visit.revisions())
    visit.open(visit.b, AREA).submit()
    visit.open(visit.office, "/framsida").submit()
    assert len(visit.revisions()) == before


def test_the_same_form_sent_twice_makes_its_operations_once(visit: Visit) -> None:
    page = visit.open(visit.a, AREA)
    sent = page.filled({TEXT: "En gång.", ANSWER: "met"})
    for _ in range(3):
        assert page.person.send(*sent).status == 200
    assert [each.value for each in visit.revisions(TEXT)] == ['"En gång."']
    assert len(visit.revisions(ANSWER)) == 1


def test_an_answer_can_be_taken_back(visit: Visit) -> None:
    visit.put(ANSWER, "met")
    after = visit.open(visit.a, AREA).submit(button=("clear", ANSWER))
    assert (after.value(ANSWER), visit.stands(ANSWER)) == (None, None)


def test_an_area_that_is_not_there_is_not_found_and_takes_nothing(visit: Visit) -> None:
    person, before = visit.browser(visit.a), len(visit.revisions())
    assert person.open(f"{visit.url}/omraden/Z").status == 404
    assert person.send(f"{visit.url}/omraden/Z", [(TEXT, "Vilse.")]).status == 404
    assert len(visit.revisions()) == before


# ── Two people ────────────────────────────────────────────────────────────────────────────


def _differing(visit: Visit, field: str = TEXT, one: str = "Alvas ord.", other: str = "Nils ord.") -> None:
    """Both have had the page open since before either wrote."""
    if field == TEXT:
        visit.put(TEXT, "Som det stod.")
    pages = visit.open(visit.a, AREA), visit.open(visit.b, AREA)
    for page, text in zip(pages, (one, other), strict=True):
        assert page.submit({field: text}).status == 200


def test_a_stale_form_keeps_both_texts_and_shows_both(visit: Visit) -> None:
    _differing(visit)
    for viewer in (visit.a, visit.b):
        page = visit.open(viewer, AREA)
        for told in ("Ni har skrivit olika här", "Så stod det förut", "Som det stod.", "Alvas ord.", "Nils ord."):
            assert told in page.said
        assert page.value(TEXT) == "Alvas ord."
    assert "Beskrivning av området, E" in visit.open(visit.b, "/olika").said


@pytest.mark.parametrize(("kept", "stands"), [(0, "Nils ord."), (1, "Alvas ord.")])
def test_choosing_one_of_two_settles(visit: Visit, kept: int, stands: str) -> None:
    _differing(visit)
    page = visit.open(visit.b, AREA)
    buttons = page.tree.xpath("//button[@name='keep']/@value")
    assert len(buttons) == 2
    after = page.submit(button=("keep", buttons[kept]))
    assert (after.value(TEXT), "skrivit olika" in after.said) == (stands, False)
    history = visit.open(visit.a, f"/historik?falt={TEXT}").said
    assert "Alvas ord." in history
    assert "Nils ord." in history


def test_whose_each_text_is_and_what_differs_from_what_was_there(visit: Visit) -> None:
    """One's own text stands first, under a name that tells it from the other's."""
    _differing(visit, one="Som det stod här.", other="Som stod.")
    [was] = visit.open(visit.a, AREA).tree.xpath("//*[@class='was']/blockquote")
    assert was.text == "Som det stod."
    for viewer, whose in ((visit.a, ["Din", "Nils"]), (visit.b, ["Din", "Alvas"])):
        versions = visit.open(viewer, AREA).tree.xpath("//*[@class='version']")
        assert [each.xpath("string(h4/span[2])").split()[0] for each in versions] == whose
        assert [each.xpath("string(button)").split(",")[0].split()[1] for each in versions] == ["min", whose[1]]
        marks = {each.xpath("string(p)"): [(x.tag, x.text) for x in each.xpath("p/*")] for each in versions}
        assert marks == {"Som det stod här.": [("ins", " här")], "Som det stod.": [("del", "det ")]}


def test_two_texts_of_ones_own_are_told_apart(visit: Visit) -> None:
    """Written in two windows, or on two devices."""
    pages = [visit.open(visit.a, AREA) for _ in range(2)]
    for page, text in zip(pages, ("Ett ord.", "Annat ord."), strict=True):
        page.submit({TEXT: text})
    page = visit.open(visit.a, AREA)
    assert "Du har skrivit olika här" in page.said
    keep = [" ".join(each.text_content().split()) for each in page.tree.xpath("//button[@name='keep']")]
    assert keep == ["Behåll min text 1, beskrivningen", "Behåll min text 2, beskrivningen"]
    keep = [each.text for each in visit.open(visit.b, AREA).tree.xpath("//button[@name='keep']")]
    assert keep == ["Behåll Alvas text 1", "Behåll Alvas text 2"]


def test_writing_the_two_together_settles(visit: Visit) -> None:
    _differing(visit)
    after = visit.open(visit.a, AREA).submit({TEXT: "Alvas och Nils ord."})
    assert (after.value(TEXT), "skrivit olika" in after.said) == ("Alvas och Nils ord.", False)


def test_saving_something_else_settles_nothing(visit: Visit) -> None:
    _differing(visit)
    after = visit.open(visit.a, AREA).submit({ANSWER: "met"})
    assert (visit.stands(ANSWER), "Nils ord." in after.said) == ("met", True)


def test_two_answers_are_chosen_between_by_their_words(visit: Visit) -> None:
    _differing(visit, ANSWER, "met", "unmet")
    page = visit.open(visit.a, AREA)
    assert [each.text for each in page.tree.xpath("//*[@class='version']/p")] == ["Uppfyllt", "Ej uppfyllt"]


# ── What cannot be taken ──────────────────────────────────────────────────────────────────


def test_a_text_too_long_comes_back_whole_and_the_rest_is_saved(visit: Visit) -> None:
    answered = visit.open(visit.a, AREA).submit({TEXT: LONG, ANSWER: "met", REASON: "Därför.", COMMENT: "Sagt."})
    assert (answered.status, answered.value(TEXT)) == (422, LONG)
    assert answered.title.startswith("1 sak att rätta: ")
    [line] = answered.tree.xpath("//*[@role='alert']//li/a")
    assert "20 001 tecken" in line.text
    assert answered.tree.xpath(f"//*[@id='{line.get('href')[1:]}']")
    assert "Resten är sparat." in answered.said
    assert [visit.stands(each) for each in (TEXT, ANSWER, REASON, COMMENT)] == [None, "met", "Därför.", "Sagt."]
    mended = answered.submit({TEXT: "Kort."})
    assert (mended.status, visit.stands(TEXT), len(visit.revisions(ANSWER))) == (200, "Kort.", 1)


def test_what_another_wrote_meanwhile_is_not_lost_to_a_text_that_was_mended(visit: Visit) -> None:
    visit.put(TEXT, "Som det stod.")
    stale = visit.open(visit.a, AREA)
    visit.put(TEXT, "Nils ord.", visit.b)
    mended = stale.submit({TEXT: LONG}).submit({TEXT: "Alvas ord."})
    assert visit.stands(TEXT) == "Nils ord."
    assert "Alvas ord." in mended.said


def test_a_clash_in_one_field_is_not_settled_by_mending_another(visit: Visit) -> None:
    visit.put(TEXT, "Som det stod.")
    stale = visit.open(visit.a, AREA)
    visit.put(TEXT, "Nils ord.", visit.b)
    back = stale.submit({TEXT: "Alvas ord.", COMMENT: LONG})
    assert (back.status, back.value(TEXT)) == (422, "Nils ord.")
    mended = back.submit({COMMENT: "Kort."})
    assert visit.stands(TEXT) == "Nils ord."
    assert "Alvas ord." in mended.said


def test_what_comes_for_a_signed_report_is_kept_and_its_writer_told_where_to_turn(visit: Visit) -> None:
    visit.finish()
    page = visit.open(visit.a, AREA)
    visit.sign()
    told = page.submit({TEXT: "Skrivet för sent."})
    assert told.status == 409
    assert "Öppna en rättelse under Rapport." in told.said
    assert visit.stands(TEXT) == "Det är gott."
    assert "Skrivet för sent." in visit.open(visit.b, "/olika").said
    assert "1 text kom för sent" in visit.open(visit.b, "/rapport").said
    assert visit.open(visit.a, AREA).tree.xpath(f"//textarea[@name='{TEXT}']/@readonly")
