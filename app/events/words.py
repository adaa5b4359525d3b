"""Every kind of event as a sentence that begins with who did it: a closed table. Pure.

A kind that the code records and that has no sentence here fails a test. Of what an event says besides, only ids and
words from closed sets are ever in it, and only what `more` names is told.
"""

from collections.abc import Mapping
from typing import Any

from app.accounts.roles import Role
from app.plans.rules import STATES

ROOMS: Mapping[str, str] = {
    "inspection": "Inspektioner",
    "attachment": "Underlag",
    "plan": "Handlingsplaner",
    "person": "Personer och inloggning",
    "region": "Platser",
    "hospital": "Platser",
    "clinic": "Platser",
    "speciality": "Platser",
    "clinic_speciality": "Platser",
    "comparison": "Annat",
    "people": "Annat",
    "places": "Annat",
    "events": "Annat",
    "access": "Annat",
    "privacy": "Annat",
    "database": "Annat",
    "demo": "Annat",
}

SENTENCES: Mapping[str, str] = {
    "inspection:created": "lade upp inspektionen",
    "inspection:staffed": "ändrade vilka som inspekterar",
    "inspection:written": "skrev",
    "inspection:tie_allowed": "lät någon inspektera trots ett band, med ett skrivet skäl",
    "inspection:ties_declared": "svarade om band till enheten",
    "inspection:signature_given": "fastställde för sin del",
    "inspection:signature_taken_back": "ändrade något, så ett fastställande togs tillbaka",
    "inspection:signed": "fastställde rapporten som den sista",
    "inspection:correction_opened": "öppnade en rättelse",
    "inspection:correction_closed": "stängde rättelsen",
    "inspection:regraded": "ändrade en gradering",
    "inspection:regrade_taken_back": "tog tillbaka en ändrad gradering",
    "inspection:erased": "raderade arbetsmaterial vars tid var ute",
    "inspection:withholding_proposed": "föreslog att en fastställd version hålls inne",
    "inspection:withholding_taken_back": "tog tillbaka förslaget att hålla inne en version",
    "inspection:withheld": "bekräftade att en fastställd version hålls inne",
    "inspection:draft_fetched": "hämtade rapporten som utkast",
    "inspection:file_fetched": "hämtade inspektionen som fil",
    "inspection:program_fetched": "hämtade programmet",
    "inspection:version_fetched": "hämtade den fastställda rapporten",
    "inspection:events_fetched": "hämtade händelserna",
    "attachment:added": "lade till ett underlag",
    "attachment:taken_away": "tog bort ett underlag",
    "attachment:brought_back": "tog tillbaka ett underlag",
    "attachment:kept": "lät ett underlag sparas med ärendet",
    "attachment:not_kept": "lät ett underlag inte längre sparas med ärendet",
    "attachment:erased": "raderade ett underlag vars tid var ute",
    "attachment:swept": "raderade filer som inget underlag hörde till",
    "attachment:fetched": "hämtade ett underlag",
    "plan:opened": "öppnade handlingsplanen",
    "plan:brought_along": "tog med handlingsplanen in i Sporra",
    "plan:written": "skrev i handlingsplanen",
    "plan:submit": "lämnade in handlingsplanen",
    "plan:ask_more": "bad om komplettering av handlingsplanen",
    "plan:accept": "godtog handlingsplanen",
    "plan:follow": "började följa upp handlingsplanen",
    "plan:close": "avslutade handlingsplanen",
    "plan:regraded": "ändrade graderingar efter handlingsplanen",
    "plan:draft_fetched": "hämtade handlingsplanen som utkast",
    "plan:version_fetched": "hämtade den inlämnade handlingsplanen",
    "person:added": "lade till personen",
    "person:changed": "ändrade namn eller e-post",
    "person:appointed": "gav en roll",
    "person:appointment_ended": "avslutade en roll",
    "person:invited": "gjorde en länk att logga in med",
    "person:invitation_withdrawn": "tog tillbaka en länk att logga in med",
    "person:password_chosen": "valde lösenord",
    "person:signed_in": "loggade in",
    "person:signed_out": "loggade ut",
    "person:signed_out_everywhere": "loggade ut överallt",
    "person:sign_in_failed": "nekade en inloggning",
    "person:closed": "stängde kontot",
    "person:opened": "öppnade kontot igen",
    "person:confirmed": "visade igen vem det är",
    "person:passkey_added": "lade till en nyckel att logga in med",
    "person:passkey_removed": "tog bort en nyckel att logga in med",
    "person:passkey_stopped": "stoppade en nyckel som kan vara kopierad",
    "person:codes_on": "slog på koder vid inloggning",
    "person:codes_off": "stängde av koder vid inloggning",
    "person:recovery_code_used": "loggade in med en återställningskod",
    "person:recovery_codes_renewed": "gjorde nya återställningskoder",
    "person:recovery_asked": "skickade efter en länk till ett nytt lösenord",
    "person:mail_sent": "skickade ett brev",
    "person:mail_given_up": "gav upp att skicka ett brev",
    "person:data_exported": "hämtade det som finns sparat om personen",
    "person:erased": "raderade personens uppgifter",
    "person:tie_told": "berättade om ett band",
    "person:tie_removed": "tog bort ett band",
    "person:identity_linked": "kopplade en inloggning genom arbetsgivaren",
    "person:identity_unlinked": "tog bort en inloggning genom arbetsgivaren",
    "person:token_made": "gjorde en API-nyckel",
    "person:token_ended": "tog bort en API-nyckel",
    "person:tokens_ended": "tog bort API-nycklarna",
    "person:calendar_address_made": "gjorde en kalenderadress",
    "person:calendar_address_ended": "avslutade en kalenderadress",
    "region:added": "lade till regionen",
    "region:renamed": "ändrade regionens namn",
    "region:closed": "stängde regionen",
    "region:opened": "öppnade regionen igen",
    "hospital:added": "lade till sjukhuset eller primärvården",
    "hospital:renamed": "ändrade sjukhusets eller primärvårdens namn",
    "hospital:closed": "stängde sjukhuset eller primärvården",
    "hospital:opened": "öppnade sjukhuset eller primärvården igen",
    "clinic:added": "lade till kliniken eller vårdcentralen",
    "clinic:renamed": "ändrade klinikens eller vårdcentralens namn",
    "clinic:closed": "stängde kliniken eller vårdcentralen",
    "clinic:opened": "öppnade kliniken eller vårdcentralen igen",
    "clinic:trains": "ändrade vad kliniken eller vårdcentralen utbildar i",
    "clinic_speciality:closed": "stängde en specialitet vid kliniken eller vårdcentralen",
    "clinic_speciality:opened": "öppnade en specialitet vid kliniken eller vårdcentralen igen",
    "speciality:added": "lade till specialiteten",
    "speciality:renamed": "ändrade specialitetens namn",
    "speciality:closed": "stängde specialiteten",
    "speciality:opened": "öppnade specialiteten igen",
    "comparison:fetched": "hämtade jämförelsen som fil",
    "people:fetched": "hämtade personerna som en lista",
    "places:fetched": "hämtade platserna som en lista",
    "events:fetched": "hämtade händelserna som fil",
    "access:refused": "nekades att öppna något",
    "privacy:kept_no_longer": "raderade sådant vars tid var ute",
    "database:restored": "läste in en säkerhetskopia",
    "demo:country": "lade in ett påhittat land",
}


def sentence(action: str) -> str:
    """A kind from another version of Sporra has its own name."""
    return SENTENCES.get(action, action)


def kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of a select: by room, each kind with its sentence."""
    rooms: dict[str, list[tuple[str, str]]] = {}
    for action, told in SENTENCES.items():
        rooms.setdefault(ROOMS[action.partition(":")[0]], []).append((action, told[0].upper() + told[1:]))
    return list(rooms.items())


def more(details: Mapping[str, Any]) -> str:
    """What is told of an event's details: numbers, and words that are ours."""
    parts = [f"version {details[each]}" for each in ("version", "number") if isinstance(details.get(each), int | str)]
    areas = details.get("areas") or details.get("area")
    if isinstance(areas, list | str):
        parts.append(f"område {areas if isinstance(areas, str) else ', '.join(map(str, areas))}")
    if (role := details.get("role")) in set(Role):
        parts.append(Role(role).label)
    parts += [f"nu {label}" for state, label in STATES.items() if details.get("after") == state]
    if isinstance(format := details.get("format"), str):
        parts.append(format)
    if isinstance(address := details.get("address"), str):
        parts.append(address)
    return ", ".join(parts)
