"""What a signature brings with it, in the same transaction: the rooms above inspections have their say."""

from app.comparison.keeping import keep
from app.config import Settings
from app.inspections.signing import WhenSigned
from app.plans.opening import opening


def when_signed(settings: Settings) -> tuple[WhenSigned, ...]:
    return opening(settings.plan_months), keep
