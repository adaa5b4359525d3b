"""A device as one person has it in her hands, and what the server has of what she wrote there."""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from app.accounts.viewer import Viewer
from app.writing.fields import decoded
from app.writing.models import Branch, Revision
from app.writing.said import heads
from tests.devices.world import Answered, Json, Lab, Mail, World
from tests.factories import Drafted

FIELD, OTHER, CHOICE = "area/E/narrative", "area/F/narrative", "criterion/E-F1/answer"
KINDS = {FIELD: "text", OTHER: "text", CHOICE: ["met", "partly", "unmet"]}


@dataclass
class Tablet:
    """A device of one person, with one tab or several."""

    world: World
    lab: Lab
    draft: Drafted
    person: Viewer
    tab: str = "first"

    @property
    def name(self) -> str:
        return f"{self.draft.id}-{self.person.id}"

    def open(self) -> "Tablet":
        page = {"subject": self.draft.id, "seq": -1, "fields": {}}
        self.lab("open", key=self.key, name=self.name, person=self.person.id, page=page, kinds=KINDS)
        return self

    @property
    def key(self) -> str:
        return f"{self.person.id}-{self.tab}"

    def another_tab(self) -> "Tablet":
        return replace(self, tab="second").open()

    def type(self, text: str, field: str = FIELD) -> str:
        """Gives the operation that it became."""
        told = self.lab("type", key=self.key, field=field, value=text, pause=True)
        self.lab("leave", key=self.key, field=field)
        id: str = told["id"]
        return id

    def asks(self) -> Mail:
        """Begins to send; gives the request that leaves."""
        self.lab("send", key=self.key)
        return self.mail()

    def mail(self) -> Mail:
        [mail] = self.lab.mail.values()
        return mail

    def sends(self) -> None:
        """All that waits, also where a round of sending is under way."""
        if not self.lab.mail:
            self.lab("send", key=self.key)
        while self.lab.mail:
            self.arrives(self.mail())

    def arrives(self, mail: Mail) -> Answered:
        answer = self.world.take(mail, self.person.id)
        self.lab.answer(mail, answer)
        return answer

    def news(self) -> None:
        self.lab("news", key=self.key)
        while self.lab.mail:
            self.arrives(self.mail())

    def tell(self) -> Json:
        return self.lab("tell", key=self.key, ids=[])

    def waiting(self) -> list[str]:
        return [each["id"] for each in self.tell()["waiting"]]

    # ── What the server has ──

    def stands(self, field: str = FIELD) -> object:
        with self.world.database.reading() as session:
            said = heads(session, self.draft.id).get(field)
            return said.value if said else None

    def history(self, field: str = FIELD) -> list[tuple[object, str]]:
        at = (Revision.subject == self.draft.id, Revision.field == field)
        with self.world.database.reading() as session:
            found = session.exec(select(Revision).where(*at).order_by(col(Revision.seq)))
            return [(decoded(each.value), each.outcome) for each in found]

    def conflicts(self) -> int:
        with self.world.database.reading() as session:
            return _open(session, self.draft.id)


def _open(session: Session, id: str) -> int:
    return len(session.exec(select(Branch).where(Branch.subject == id, col(Branch.settled_by).is_(None))).all())
