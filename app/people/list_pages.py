"""People as a list, out and in."""

from app.accounts.access import may
from app.accounts.roles import Permission
from app.lists.pages import Listing
from app.lists.pages import router as pages_of
from app.people import as_list, importing

router = pages_of(
    Listing(
        name="personer",
        room=("Personer", "/personer"),
        heading="Personer som en lista",
        lead="En rad för varje roll. Den som inte finns läggs till, och bjuds in sedan.",
        meanings=as_list.MEANINGS,
        columns=as_list.COLUMNS,
        needed=as_list.NEEDED,
        template=as_list.template,
        sheet=as_list.sheet,
        state=as_list.state,
        compared=importing.compared,
        take_in=importing.take_in,
        then=("Bjud in dem som inte är inbjudna", "/personer/bjud-in"),
    ),
    may(Permission.ADMINISTER, fresh="/personer/lista"),  # it gives roles
)
