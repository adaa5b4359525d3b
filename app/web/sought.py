"""Words that somebody looks for: a name, an e-mail address. They must not stand in the address of a page, which
histories and logs keep. So they stand there locked, for whoever typed them: what is found is still a page to open
again, to go on in and to come back to."""

from starlette.requests import Request

from app.locked import Unopened


def locked(request: Request, whose: str, words: str) -> str:
    """What stands for the words in an address. `whose`: the id of who looks for them."""
    made: str = request.app.state.locker.lock(words, _about(whose)) if words else ""
    return made


def opened(request: Request, whose: str, locked: str) -> str:
    """The words again; "" where they do not open, by now or for this person."""
    try:
        words: str = request.app.state.locker.open(locked, _about(whose))
    except Unopened:
        return ""
    return words


def _about(whose: str) -> str:
    return f"search of {whose}"
