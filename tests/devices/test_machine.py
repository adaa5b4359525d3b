"""Two people at three devices, one of them with two tabs, on a net and a server that fail in every way: whatever they
type stands, was replaced by somebody who had seen it, or is shown beside, as late or as refused. The devices run the
shipped modules.
"""

import json
import sys
from dataclasses import replace
from itertools import cycle

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from app.accounts.viewer import Viewer
from app.ids import new_id
from app.writing.models import AGREED
from tests.devices.told import Account, Kept, Typed, in_one_form, kept, own_conflicts
from tests.devices.world import PORTALS, Answered, Json, Lab, Mail, World
from tests.factories import Drafted
from tests.writing import whole

NARRATIVE, PLACE, ANSWER = "area/E/narrative", "front/place", "criterion/E-F1/answer"
CHOICES = ["met", "partly", "unmet"]
DEVICES = {"a0": "tablet", "a1": "tablet", "a2": "laptop", "b0": "pad"}  # tab → device; it begins with whose it is

tabs = st.sampled_from(sorted(DEVICES))
wheres = st.sampled_from([NARRATIVE, "WORDS", NARRATIVE, PLACE, ANSWER])
texts = st.sampled_from([*["{n}"] * 8, "{n}\r\nrad två", "{n} \ud83d", "{n}\x00", "", "samma", "lång"])
LONG = "å" * 20_001
CLOCKS = ("2126-01-01T00:00:00.000Z", "+275760-09-13T00:00:00.000Z", None, "1970-01-01T00:00:00.000Z", "")
FATES = {  # of a request, and how often
    "arrives": 6,
    "waits": 3,  # it is under way still
    "unanswered": 3,  # it arrives; its answer does not
    "lost": 2,
    "late": 2,  # given up by the device, it arrives later all the same
    "twice": 1,
    "portal": 1,
    "signed out": 1,
    "other": 1,  # somebody else has signed in
    "died": 1,  # the server, before it commits
    "crash": 1,  # the tab, and the request arrives later
}
fates = st.sampled_from([name for name, weight in FATES.items() for _ in range(weight)])

pytestmark = pytest.mark.hypothesis  # for `make soak`: the examples run within


class Devices(RuleBasedStateMachine):
    def __init__(self, world: World, lab: Lab) -> None:
        super().__init__()
        self.world, self.lab = world, lab
        self.draft: Drafted = world.draft()
        self.finding = f"finding/{new_id()}"
        self.words = f"{self.finding}/text"
        self.kinds = {NARRATIVE: "text", self.words: "text", PLACE: "line", ANSWER: CHOICES}
        self.typed: list[Typed] = []
        self.answers: dict[str, tuple[str, int]] = {}  # operation → what the server said first
        self.sent: dict[str, Json] = {}  # operation → as it left the first time
        self.acknowledged: set[str] = set()  # operations that their device has been told of
        self.refused: dict[str, str] = {}  # operation → device that was told so
        self.dealt_with: set[str] = set()  # refused, and since thrown away or taken up
        self.ghosts: list[Mail] = []  # given up by their device, still on their way
        self.signed = self.removed = False
        self.portals, self.clocks = cycle(PORTALS), cycle(CLOCKS)
        for tab in DEVICES:
            self._open(tab)

    # ── Who is who ──

    def name(self, tab: str) -> str:
        return f"{self.draft.id}-{tab[0]}-{DEVICES[tab]}"

    def person(self, tab: str) -> Viewer:
        return self.draft.a if tab[0] == "a" else self.draft.b

    def field(self, where: str) -> str:
        return self.words if where == "WORDS" else where

    def closed(self, person: Viewer) -> bool:
        return self.signed or (self.removed and person.id == self.draft.b.id)

    def _open(self, tab: str) -> None:
        """A page that the server draws now, in a new tab."""
        said = self.world.image(self.draft, self.draft.a if self.removed else self.person(tab))
        if self.person(tab) != self.draft.a and self.removed:
            said["fields"] = [each for each in said["fields"] if each["voice"] == AGREED]
        drawn = {each["field"]: {"value": each["value"], "revision": each["id"]} for each in said["fields"]}
        page = {"subject": self.draft.id, "seq": said["seq"], "fields": drawn}
        person = self.person(tab).id
        found = self.lab("open", key=tab, name=self.name(tab), person=person, page=page, kinds=self.kinds)
        for field, told in found["restored"].items():
            self._note(tab, field, told)
        waiting = {each["id"] for each in found["waiting"]}
        assert self._missing(tab, waiting) == []

    def _missing(self, tab: str, waiting: set[str]) -> list[Typed]:
        """What was safe on the device of this tab and is not there any more, without an answer."""
        here = [each for each in self.typed if each.device == self.name(tab) and not each.draft]
        left = [each for each in here if each.id not in waiting | self.acknowledged | self._listed]
        return [each for i, each in enumerate(here) if each in left and not self._typed_on(each, here[i + 1 :])]

    @property
    def _listed(self) -> set[str]:
        return self.refused.keys() | self.dealt_with

    def _typed_on(self, each: Typed, later: list[Typed]) -> bool:
        """It was one operation with what the same tab typed next, before anything of it was sent."""
        return each.id not in self.sent and any((e.tab, e.field) == (each.tab, each.field) for e in later)

    # ── Typing ──

    def _note(self, tab: str, field: str, told: Json) -> None:
        if "saw" in told:
            saw = [in_one_form(field, each) for each in told["saw"]]
            id, value = told.get("id", "-"), in_one_form(field, told.get("value", told.get("draft")))
            self.typed.append(Typed(id, field, value, saw, self.name(tab), tab, id == "-", told.get("begun", False)))

    @rule(
        tab=tabs,
        where=wheres,
        text=texts,
        choice=st.sampled_from(CHOICES),
        then=st.sampled_from(["", "pause", "leave", "leave"]),
    )
    def type(self, tab: str, where: str, text: str, choice: str, then: str) -> None:
        field = self.field(where)
        value = choice if where == ANSWER else LONG if text == "lång" else text.format(n=len(self.typed))
        self._note(tab, field, self.lab("type", key=tab, field=field, value=value, pause=then == "pause"))
        if then == "leave":
            self._leave(tab, field)

    def _leave(self, tab: str, field: str) -> None:
        self._note(tab, field, self.lab("leave", key=tab, field=field))

    @rule(
        tab=tabs,
        name=st.sampled_from(["kind", "order", "gone", "gone"]),
        value=st.sampled_from(["strength", "weakness", "V", None]),
    )
    def put(self, tab: str, name: str, value: str | None) -> None:
        """A finding's kind and place, that it is gone, and that it is back: also what the server will refuse."""
        field, seen = f"{self.finding}/{name}", self.words if name == "gone" and value else None
        self._note(tab, field, self.lab("put", key=tab, field=field, value=value, seen=seen))

    @precondition(lambda self: any(outcome == "sibling" for outcome, _ in self.answers.values()))
    @rule(tab=tabs, where=wheres, which=st.sampled_from([0, 1, None]))
    def choose(self, tab: str, where: str, which: int | None) -> None:
        """The page is drawn anew with what stands and what stands beside; one of them is chosen, or both are written
        together."""
        person = self.person(tab)
        if self.closed(person):
            return
        said = self.world.image(self.draft, person)
        clashes: dict[str, Json] = {}
        for each in said["waiting"]:
            stands = each["stands"]
            clash = clashes.setdefault(
                each["field"], {"seen": stands and stands["id"], "settles": [], "texts": [stands and stands["value"]]}
            )
            clash["settles"].append(each["beside"]["id"])
            clash["texts"].append(each["beside"]["value"])
        if self.lab("redraw", key=tab, drawn={"clashes": clashes})["settling"]:
            field = self.field(where)
            value = CHOICES[0] if where == ANSWER else f"{len(self.typed)} av båda"
            self._note(tab, field, self.lab("settle", key=tab, field=field, value=value, which=which))

    @precondition(lambda self: self.refused)
    @rule(tab=tabs, away=st.booleans(), data=st.data())
    def take_up_or_throw_away(self, tab: str, away: bool, data: st.DataObject) -> None:
        found = sorted(id for id, device in self.refused.items() if device == self.name(tab))
        if not found:
            return
        id = data.draw(st.sampled_from(found))
        field = next(each.field for each in self.typed if each.id == id)
        self._note(tab, field, self.lab("throwAway" if away else "takeUp", key=tab, id=id))
        self.dealt_with.add(id)
        del self.refused[id]

    # ── The net ──

    def _mail(self, tab: str, method: str) -> list[Mail]:
        return [each for each in self.lab.mail.values() if each.tab == tab and each.method == method]

    def _write_on(self, tab: str, work: list[tuple[str, str]], leave: bool) -> None:
        """One text, with pauses long enough for it to leave."""
        for text, how in work:
            self.type(tab, NARRATIVE, text, "", "pause")
            self.send(tab, how)
        if leave:
            self._leave(tab, NARRATIVE)

    works = st.lists(st.tuples(texts, fates), min_size=1, max_size=4)
    she_writes_on = rule(tab=st.sampled_from(["a0", "a1"]), work=works, leave=st.booleans())(_write_on)
    she_writes_elsewhere = rule(tab=st.just("a2"), work=works, leave=st.booleans())(_write_on)
    he_writes_on = rule(tab=st.just("b0"), work=works, leave=st.booleans())(_write_on)

    @rule(tab=tabs, text=texts, how=fates)
    def write_too_much(self, tab: str, text: str, how: str) -> None:
        """As a page of an earlier edition might: the field itself lets nothing through that would be refused. And on it."""
        told = self.lab("put", key=tab, field=NARRATIVE, value=f"{len(self.typed)}{LONG}", seen=None)
        self._note(tab, NARRATIVE, told)
        self.type(tab, NARRATIVE, text, "", "")
        self.send(tab, how)

    @rule(tab=tabs, how=fates)
    def send(self, tab: str, how: str) -> None:
        if not any(self._mail(each, "POST") for each in DEVICES if self.name(each) == self.name(tab)):
            self.lab("send", key=tab)
            self._becomes(self._mail(tab, "POST"), how)

    @rule(tab=tabs, how=fates)
    def ask_for_news(self, tab: str, how: str) -> None:
        if not self._mail(tab, "GET"):
            self.lab("news", key=tab)
            self._becomes(self._mail(tab, "GET"), how)

    @precondition(lambda self: self.lab.mail)
    @rule(data=st.data(), how=fates)
    def becomes(self, data: st.DataObject, how: str) -> None:
        mail = self.lab.mail[data.draw(st.sampled_from(sorted(self.lab.mail)))]
        self._becomes([mail], how)

    def _becomes(self, mails: list[Mail], how: str) -> None:
        """What becomes of a request, where there is one. What has left a device never changes."""
        for mail in mails:
            for each in mail.operations:
                about = {name: each[name] for name in ("field", "value", "voice", "format")}
                assert self.sent.setdefault(each["id"], about) == about
            self._is_decided(mail, how)

    def _is_decided(self, mail: Mail, how: str) -> None:
        person = self.person(mail.tab).id
        match how:
            case "waits":
                pass
            case "arrives" | "twice":
                answer = self._take(mail)
                self._answer(mail, self._take(mail) if how == "twice" else answer)
            case "unanswered":
                self._take(mail)
                self._answer(mail, None)
            case "lost":
                self._answer(mail, None)
            case "late":
                self.ghosts.append(mail)
                self._answer(mail, None)
            case "crash":
                self.ghosts.append(mail)
                self._crashes(mail.tab)
            case "portal":
                self._answer(mail, next(self.portals))
            case "signed out":
                self._answer(mail, self.world.take(mail, None))
            case "other":
                other = next(each for each in self.world.cookies if each != person)
                answer = self.world.take(mail, other)
                assert answer.status == 401
                self._answer(mail, answer)
            case "died":
                with self.world.dying():
                    answer = self.world.take(mail, person)
                assert mail.method == "GET" or answer.status == 500 or answer.outcomes == []
                self._answer(mail, answer)

    @precondition(lambda self: self.ghosts)
    @rule(data=st.data())
    def arrives_late(self, data: st.DataObject) -> None:
        self._take(self.ghosts.pop(data.draw(st.integers(0, len(self.ghosts) - 1))))

    def _take(self, mail: Mail) -> Answered:
        """The server takes a request; what it says of an operation it says for ever."""
        person = self.person(mail.tab)
        if mail.body:
            body = {"operations": [each | {"at": next(self.clocks)} for each in mail.operations]}
            mail = replace(mail, body=json.dumps(body))
        answer = self.world.take(mail, person.id)
        for id, *said in ((each["id"], each["outcome"], each["seq"]) for each in answer.outcomes):
            if said[0] != "refused":
                assert id in self.answers or (said[0] == "late") == self.closed(person)
                assert self.answers.setdefault(id, tuple(said)) == tuple(said)
        return answer

    def _answer(self, mail: Mail, answer: Answered | None) -> None:
        self.lab.answer(mail, answer)
        for each in answer.outcomes if answer and mail.method == "POST" else ():
            if each["outcome"] == "refused":
                self.refused[each["id"]] = self.name(mail.tab)
            else:
                self.acknowledged.add(each["id"])
        if self.refused:
            self._take_places(mail.tab)

    def _take_places(self, tab: str) -> None:
        """A refused text that was typed on has left the list, for what was typed on it."""
        listed = {each["id"] for each in self.lab("tell", key=tab, ids=[])["refused"]}
        for i, each in enumerate(self.typed):
            later = [
                other.id for other in self.typed[i + 1 :] if (other.device, other.field) == (each.device, each.field)
            ]
            if self.refused.get(each.id) == self.name(tab) and each.id not in listed and listed.intersection(later):
                self.dealt_with.add(each.id)
                del self.refused[each.id]

    # ── Crashes, and what others do ──

    def _crashes(self, tab: str) -> None:
        self.lab("crash", key=tab)
        for id in [id for id, each in self.lab.mail.items() if each.tab == tab]:
            del self.lab.mail[id]
        self._open(tab)

    @precondition(lambda self: len(self.typed) > 2)
    @rule(what=st.sampled_from(["crash", "evict", "staff", "sign", "apart", "apart"]), tab=tabs)
    def meanwhile(self, what: str, tab: str) -> None:
        """A tab crashes; a browser throws its database away; the report is signed, or opened for a correction; an
        inspector is removed, or comes back; both answer alone from now on, or no longer."""
        if what == "crash":
            self._crashes(tab)
        elif what == "evict":
            self.lab("evict", name=self.name(tab))
        elif what == "staff" and not self.signed:
            self.removed = not self.removed
            self.world.staff(self.draft, self.draft.a, *([] if self.removed else [self.draft.b]))
        elif what == "apart" and not self.signed:
            self.world.turn(self.draft)
        elif what == "sign":
            self.signed = not self.signed
            (self.world.sign if self.signed else self.world.correct)(self.draft)

    # ── In the end ──

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self._everything_comes_through()
                self._nothing_is_lost()
        finally:
            self.lab.forget([self.name(tab) for tab in DEVICES])

    def _everything_comes_through(self) -> None:
        for mail in list(self.lab.mail.values()):
            self._answer(mail, None)
        while self.ghosts:
            self._take(self.ghosts.pop())
        for tab in DEVICES:
            for field in self.kinds:
                self._leave(tab, field)
        for act, method in (("send", "POST"), ("news", "GET")):
            for tab in DEVICES:
                self.lab(act, key=tab)
                while mails := self._mail(tab, method):
                    self._becomes(mails, "arrives")

    def _nothing_is_lost(self) -> None:
        with self.world.database.reading() as session:
            whole.check(session, self.draft.id)
            found = kept(session, self.draft.id)
        device = {each.id: each.device for each in self.typed}
        for id in self.answers:
            about = found.revisions[id]
            assert (about.field, about.outcome, about.seq) == (self.sent[id]["field"], *self.answers[id])
        ids = [each.id for each in self.typed if each.id in found.revisions]
        told = {tab: self.lab("tell", key=tab, ids=ids) for tab in DEVICES}
        for tab in DEVICES:
            assert (told[tab]["last"], told[tab]["waiting"]) == ("sent", [])
        drafts = {
            (self.name(tab), field, in_one_form(field, value))
            for tab in DEVICES
            for field, value in told[tab]["drafts"].items()
        }
        lost = Account(self.typed, found, self.sent.keys(), self._listed, drafts).lost()
        assert lost == [], lost
        begun = {each.id for each in self.typed if each.begun}
        own = [each for each in own_conflicts(found, device) if each.id not in begun]
        assert own == [], own
        for tab in DEVICES:
            assert told[tab]["fromHere"] == [id for id in ids if device[id] == self.name(tab)]
            self._agrees(tab, told[tab], found)

    def _agrees(self, tab: str, told: Json, found: Kept) -> None:
        """The device knows what the server knows, and lists what it has refused."""
        here = [id for id, name in self.refused.items() if name == self.name(tab)]
        assert sorted(each["id"] for each in told["refused"]) == sorted(here)
        if self.removed and tab[0] == "b":
            return  # reads nothing any more
        person, apart = self.person(tab).id, self.world.apart(self.draft)
        known = {field: each["revision"] for field, each in told["known"].items()}
        assert known == (found.heard(person) if apart else found.heads)
        assert sorted(each["beside"]["id"] for each in told["clashes"]) == found.waits(person if apart else "")


def test_whatever_fails_nothing_typed_is_lost(world: World, lab: Lab) -> None:
    few = settings(max_examples=settings().max_examples // 5, stateful_step_count=20)
    run_state_machine_as_test(lambda: Devices(world, lab), settings=few)  # type: ignore[arg-type]
