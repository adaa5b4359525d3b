"""What the JSON door tells, to whom, and in which words it says that it does not."""

from sqlmodel import func, select

from app.accounts.roles import Held, Role
from app.ids import new_id
from app.inspections.models import InspectionRow
from app.web.schemas import Error
from tests.factories import a_person
from tests.forms import Person
from tests.inspections.asking import TEXT, ask, op, refused
from tests.inspections.conftest import SECRET, Visit


def test_an_inspection_is_told_whole_and_to_the_office_alone_its_outside(visit: Visit) -> None:
    visit.finish()
    whole = ask(visit, visit.a, "GET")
    assert (whole["id"], whole["state"], whole["version"], whole["content"]) == (visit.id, "draft", 1, visit.hash())
    assert whole["file"]["areas"]["E"]["comments"] == {"E-F1": SECRET}
    assert whole["areas"]["E"] | {"missing": []} == {
        "suggested": None,
        "at_best": "A",
        "at_worst": "D",
        "reasons": [],
        "missing": [],
        "decided": "A",
        "standing": "A",
    }
    assert [each["stops"] for each in whole["left"]] == [False] * len(whole["left"])
    assert whole["inspectors"] == [visit.a.id, visit.b.id]


def test_what_is_new_is_told_since_a_number_and_what_waits_with_it(visit: Visit) -> None:
    first = visit.put(TEXT, "Som det stod.")
    seq = visit.revisions(TEXT)[0].seq
    for by, text in ((visit.a, "Alvas ord."), (visit.b, "Nils ord.")):
        ask(visit, by, "POST", "/operations", json={"operations": [op(TEXT, text, parent=first)]})
    new = ask(visit, visit.a, "GET", "/changes", params={"since": seq})
    assert [(each["seq"], each["value"], each["outcome"]) for each in new["changes"]] == [
        (seq + 1, "Alvas ord.", "head"),
        (seq + 2, "Nils ord.", "sibling"),
    ]
    [waits] = new["waiting"]
    assert (waits["field"], waits["before"]) == (TEXT, "Som det stod.")
    assert (waits["stands"]["value"], waits["beside"]["value"]) == ("Alvas ord.", "Nils ord.")
    nothing = ask(visit, visit.a, "GET", "/changes", params={"since": seq + 2})
    assert (nothing["changes"], nothing["waiting"]) == ([], None)


def test_whoever_knows_another_past_is_told_to_read_all_anew(visit: Visit) -> None:
    known = visit.put(TEXT, "Som det stod.")
    image = ask(visit, visit.a, "GET", "/image")
    assert image["last"] == known
    since = {"since": image["seq"], "at": image["seq"]}
    assert ask(visit, visit.a, "GET", "/changes", params=since | {"last": known})["changes"] == []
    for other in ({"last": new_id()}, {"last": known, "at": image["seq"] + 1}):
        address = f"/api/inspections/{visit.id}/changes"
        status, told = refused(visit, visit.a, "GET", address, params=since | other)
        assert (status, told[:30]) == (409, "En säkerhetskopia har lästs in")


def test_the_list_goes_on_where_it_left_off(visit: Visit) -> None:
    person, ids, after = visit.browser(visit.office), [], ""
    while after is not None:
        page = person.ask("GET", "/api/inspections", params={"after": after}).json()
        ids += [each["id"] for each in page["inspections"]]
        after = page["next"]
    with visit.database.reading() as session:
        assert len(ids) == len(set(ids)) == session.exec(select(func.count()).select_from(InspectionRow)).one()


def test_what_cannot_be_read_is_told_in_swedish_with_its_place(visit: Visit) -> None:
    path = f"/api/inspections/{visit.id}/operations"
    answer = visit.browser(visit.a).ask("POST", path, json={"operations": {"id": 1}})
    told = Error.model_validate_json(answer.content).error
    assert (answer.status_code, told.told[:13]) == (422, "Något i det s")
    assert {each.where for each in told.fields} == {"body.operations"}
    nobody = Person(visit.client, "")
    answer = nobody.ask("GET", f"/api/inspections/{visit.id}")
    assert (answer.status_code, Error.model_validate_json(answer.content).error.title) == (401, "Logga in igen")
    with visit.database.writing() as session:
        stranger = a_person(session, "Ingen Alls")
    assert refused(visit, stranger, "GET", path.removesuffix("/operations"))[0] == 404
    assert refused(visit, visit.a, "DELETE", path)[0] == 405


def test_what_covers_comments_and_reasons_is_for_those_who_see_them(visit: Visit) -> None:
    """A hash over a short private text lets whoever has the rest of it try guesses."""
    visit.finish()
    visit.sign()
    with visit.database.writing() as session:
        held = (
            Held(Role.DIRECTOR_OF_STUDIES, clinic=visit.place.clinic),
            Held(Role.COORDINATOR, speciality=visit.place.speciality),
        )
        director, coordinator = (a_person(session, "Stina Studie", each) for each in held)
    for by, sees in ((visit.a, True), (director, False), (coordinator, False)):
        [version] = ask(visit, by, "GET", "/versions")
        assert (version["content"] is not None) == sees
    assert [ask(visit, by, "GET")["content"] is None for by in (visit.a, coordinator)] == [False, True]
