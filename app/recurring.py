"""What is done again and again beside the requests: the list that the server and `sporra worker` turn.

A new piece is one line here: its name, how often, and a function of the database. Two processes may come to it one
right after the other, and one may die in the midst of it.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from app.accounts.letters import letters
from app.config import Settings
from app.events.sealing import seal
from app.jobs import Work
from app.mail import queue
from app.mail.post import post
from app.mail.sending import send_due
from app.privacy.retention import keep_no_longer


def recurring(settings: Settings) -> Sequence[Work]:
    return (
        Work(
            "skicka e-post",
            timedelta(seconds=10),
            partial(send_due, post=post(settings), kinds=letters(settings.address)),
        ),
        Work("försegla händelser", timedelta(minutes=1), seal),
        Work("radera det vars tid är ute", timedelta(days=1), keep_no_longer),
        Work("glömma e-post som inte kom fram", timedelta(days=1), queue.forget_old),
    )
