"""What the rooms above inspections have to say: what a signature brings with it, in the same transaction, and what
became of it then."""

from app.comparison.keeping import keep
from app.config import Settings
from app.inspections import used
from app.inspections.earlier import WhatBecame
from app.inspections.signing import WhenSigned
from app.plans.became import became
from app.plans.opening import opening


def when_signed(settings: Settings) -> tuple[WhenSigned, ...]:
    return opening(settings.plan_months), used.keep, keep


what_became: WhatBecame = became
