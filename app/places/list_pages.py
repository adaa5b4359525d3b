"""Places as a list, out and in."""

from app.accounts.access import may
from app.accounts.roles import Permission
from app.lists.pages import Listing
from app.lists.pages import router as pages_of
from app.places import as_list, importing

router = pages_of(
    Listing(
        name="platser",
        room=("Platser", "/platser"),
        heading="Platser som en lista",
        lead="En rad för varje specialitet som en klinik utbildar i. Platser som inte finns läggs till.",
        meanings=as_list.MEANINGS,
        columns=as_list.COLUMNS,
        needed=as_list.NEEDED,
        template=as_list.template,
        sheet=as_list.sheet,
        state=as_list.state,
        compared=importing.compared,
        take_in=importing.take_in,
        then=("Visa platserna", "/platser"),
    ),
    may(Permission.ADMINISTER),
)
