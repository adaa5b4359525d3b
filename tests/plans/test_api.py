"""Plans through the JSON door: the same actions, what each may read, and nothing before it is submitted."""

from typing import Any

from app.accounts.viewer import Viewer
from app.ids import new_id
from tests.plans.desk import Desk
from tests.plans.factories import measure

OURS, VERDICT, REASON = "area/D/text", "version/1/area/D/verdict", "version/1/area/D/reason"


def ask(desk: Desk, by: Viewer, method: str, path: str = "", **more: Any) -> Any:
    answer = desk.browser(by).ask(method, f"/api/plans/{desk.plan.plan}{path}", **more)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def refused(desk: Desk, by: Viewer, method: str, path: str, **more: Any) -> tuple[int, str]:
    answer = desk.browser(by).ask(method, f"/api/plans/{desk.plan.plan}{path}", **more)
    assert answer.status_code >= 400, answer.text
    return answer.status_code, answer.json()["error"]["told"]


def op(field: str, value: object) -> dict[str, object]:
    return {"id": new_id(), "field": field, "value": value}


def write(desk: Desk, by: Viewer, *operations: dict[str, object]) -> list[str]:
    return [each["outcome"] for each in ask(desk, by, "POST", "/operations", json={"operations": list(operations)})]


def test_a_plan_goes_all_the_way(desk: Desk) -> None:
    director, a, region = desk.plan.director, desk.plan.a, desk.plan.region
    assert write(desk, director, op(OURS, "Vi gör om."), op("area/Z/text", "Nej.")) == ["head", "refused"]
    assert refused(desk, director, "POST", "/submit", json={"content": "0" * 64})[0] == 409
    content = ask(desk, director, "GET")["content"]
    assert ask(desk, director, "POST", "/submit", json={"content": content}) == {"version": 1}
    status, told = refused(desk, a, "POST", "/answer", json={"version": 1})
    assert (status, len(told.splitlines())) == (422, 3)
    written = [op(f"version/1/area/{area}/verdict", "accepted") for area in "DE"]
    assert write(desk, a, *written) == ["head", "head"]
    assert ask(desk, a, "POST", "/answer", json={"version": 1}) == {"outcome": "accepted"}
    change = {"changes": [{"area": "D", "grade": "C"}], "day": "2026-03-01"}
    ask(desk, a, "POST", "/regrade", json=change)
    assert [each.grade for each in desk.plan.regrades()] == ["C"]
    ask(desk, director, "POST", "/follow")
    ask(desk, region, "POST", "/close")
    assert ask(desk, region, "GET")["state"] == "closed"
    [version] = ask(desk, region, "GET", "/versions")
    assert (version["number"], version["content"], version["outcome"]) == (1, content, "accepted")
    whole = ask(desk, region, "GET", "/versions/1")
    assert (whole["plan"]["areas"], len(whole["answers"])) == ({"D": "Vi gör om."}, 2)
    assert refused(desk, region, "GET", "/versions/2")[0] == 404


def test_what_is_not_submitted_is_the_clinics_alone(desk: Desk) -> None:
    measure(desk.plan, what="Träffar", area="E", criteria=["E-F4"], times="2", start="2026-01-01")
    own, others = (ask(desk, each, "GET") for each in (desk.plan.head, desk.plan.region))
    assert [each["what"] for each in own["plan"]["measures"]] == ["Träffar"]
    assert len(own["measures"]) == 1
    assert own["adherence"][0]["promise"] == "minst 2 gånger per år"
    assert own["coverage"]["unfinished"] == [{"measure": 0, "lacks": ["owner", "proof"]}]
    assert {key: others[key] for key in ("plan", "content", "coverage", "adherence", "measures")} == {
        "plan": None,
        "content": None,
        "coverage": None,
        "adherence": [],
        "measures": [],
    }
    desk.plan.submit()
    desk.plan.judge({"D": ("more", "När?"), "E": "accepted"})
    assert ask(desk, desk.plan.region, "GET", "/versions/1")["answers"] == []
    assert len(ask(desk, desk.plan.office, "GET", "/versions/1")["answers"]) == 2
    seen = ask(desk, desk.plan.region, "GET")
    assert [each["what"] for each in seen["plan"]["measures"]] == ["Träffar"]
    assert (seen["content"], seen["measures"]) == (None, [])


def test_each_side_is_told_of_changes_in_the_fields_that_it_reads(desk: Desk) -> None:
    desk.plan.as_submitted()
    desk.plan.judge({"D": ("more", "När?")})
    told = {each: ask(desk, each, "GET", "/changes") for each in (desk.plan.director, desk.plan.a)}
    ours, theirs = ([change["field"] for change in each["changes"]] for each in told.values())
    assert theirs == [VERDICT, REASON]
    assert ours[-1] == OURS
    assert not {VERDICT, REASON} & set(ours)
    last = {each["last"] for each in told.values()}
    assert len(last) == 1
    nothing = ask(desk, desk.plan.a, "GET", "/changes", params={"since": last.pop()})
    assert (nothing["changes"], nothing["waiting"]) == ([], None)


def test_the_list_goes_on_where_it_left_off_and_keeps_to_a_state(desk: Desk) -> None:
    desk.plan.as_submitted()
    person = desk.browser(desk.plan.office)
    ids, after = list[str](), ""
    while after is not None:
        page = person.ask("GET", "/api/plans", params={"after": after, "state": "submitted"}).json()
        assert {each["state"] for each in page["plans"]} <= {"submitted"}
        ids += [each["id"] for each in page["plans"]]
        after = page["next"]
    assert desk.plan.plan in ids
    assert person.ask("GET", "/api/plans", params={"after": "nonsens"}).status_code == 422


def test_a_grade_is_changed_after_a_revisit_too(desk: Desk) -> None:
    url = f"/api/inspections/{desk.plan.id}/regrade"
    body = {"because": "revisit", "changes": [{"area": "D", "grade": "C"}], "day": "2026-03-01"}
    assert desk.browser(desk.plan.office).ask("POST", url, json=body).status_code == 204
    assert [each.because for each in desk.plan.regrades()] == ["revisit"]
    assert desk.browser(desk.plan.director).ask("POST", url, json=body).status_code == 404
