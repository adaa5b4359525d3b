"""What is done to an inspection through the JSON door: the same actions as behind the pages."""

import pytest

from app.inspections import disk
from tests.factories import RUBRIC, an_inspector
from tests.inspections.asking import TEXT, ask, op, refused
from tests.inspections.conftest import Visit
from tests.paths import KALMAR


def test_anothers_inspection_is_not_there(visit: Visit) -> None:
    with visit.database.writing() as session:
        stranger = an_inspector(session, visit.place, "Frida Främmande")
    path = f"/api/inspections/{visit.id}/operations"
    status, told = refused(visit, stranger, "POST", path, json={"operations": [op(TEXT, "x")]})
    assert (status, told) == (404, "Det du har skrivit är inte påverkat. Kontrollera adressen.")
    assert visit.revisions(TEXT) == []


def test_signing_and_correcting_go_the_same_way(visit: Visit) -> None:
    path = f"/api/inspections/{visit.id}"
    status, told = refused(visit, visit.a, "POST", f"{path}/sign", json={"content": visit.hash()})
    assert (status, told) == (422, "Det är inte klart att fastställa än. Inget har gått förlorat.")
    visit.finish()
    status, told = refused(visit, visit.a, "POST", f"{path}/sign", json={"content": "0" * 64})
    assert (status, "Läs den igen" in told) == (422, True)
    for by, outcome in ((visit.a, "waits"), (visit.b, "signed")):
        assert ask(visit, by, "POST", "/sign", json={"content": visit.hash()}) == {"outcome": outcome}
    ask(visit, visit.office, "POST", "/correct", json={"cause": "Ett ord var fel. " * 1_000})
    status, told = refused(visit, visit.a, "POST", f"{path}/correct", json={"cause": "Igen."})
    assert (status, told) == (409, "Det finns redan ett utkast att skriva i.")
    [version] = ask(visit, visit.a, "GET", "/versions")
    assert (version["number"], version["cause"]) == (1, "")


def test_an_inspection_is_set_up_staffed_and_taken_in(visit: Visit) -> None:
    new = {"clinic": visit.place.clinic, "speciality": visit.place.speciality, "inspectors": [visit.a.id]}
    office = visit.browser(visit.office)
    made = office.ask("POST", "/api/inspections", json=new | {"rubric": RUBRIC.rubric.reference})
    assert made.status_code == 201
    path = f"/api/inspections/{made.json()['id']}"
    assert office.ask("PUT", f"{path}/inspectors", json={"inspectors": [visit.b.id]}).status_code == 204
    assert office.ask("GET", path).json()["inspectors"] == [visit.b.id]
    assert refused(visit, visit.office, "PUT", f"{path}/inspectors", json={"inspectors": []})[0] == 422
    at = {"clinic": visit.place.clinic, "speciality": visit.place.speciality, "inspector": [visit.a.id, visit.b.id]}
    yaml = {"content-type": "application/yaml"}
    data = KALMAR.read_bytes()
    taken = office.ask("POST", "/api/inspections/import", yaml, params=at, content=data)
    assert taken.status_code == 201
    file = office.ask("GET", f"/api/inspections/{taken.json()['id']}").json()["file"]
    assert file["inspectors"] == list(disk.read(KALMAR)[1].inspectors)
    for sent in (data.replace(b"2015-8@1", b"1999@1"), data + b"\n : [", b"\xff\xfe\x00"):
        status, told = refused(
            visit, visit.office, "POST", "/api/inspections/import", headers=yaml, params=at, content=sent
        )
        assert (status, told.startswith("filen")) == (422, True)


@pytest.mark.parametrize("rubric", ["st-spur/1999@1", "../../etc@1", "at-spur/utkast@1", "\0", ""])
def test_a_rubric_that_is_not_published_is_told(visit: Visit, rubric: str) -> None:
    new = {"clinic": visit.place.clinic, "speciality": visit.place.speciality, "inspectors": [visit.a.id]}
    status, told = refused(visit, visit.office, "POST", "/api/inspections", json=new | {"rubric": rubric})
    assert (status, told.endswith(".")) == (422, True)
