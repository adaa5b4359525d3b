"""What the rooms above inspections have to say: what a signature brings with it, or that a version is withheld, in the
same transaction, and what became of it then."""

from app.comparison.keeping import keep, leave_out
from app.config import Settings
from app.inspections import used
from app.inspections.earlier import WhatBecame
from app.inspections.signing import WhenSigned
from app.inspections.withholding import WhenWithheld
from app.plans.became import became
from app.plans.opening import opening


def when_signed(settings: Settings) -> tuple[WhenSigned, ...]:
    return opening(settings.plan_months), used.keep, keep


when_withheld: tuple[WhenWithheld, ...] = (leave_out,)
what_became: WhatBecame = became
