"""Every table there is, for Alembic, for tests, and for what looks through the whole database (`privacy`)."""

import app.accounts.models
import app.audit
import app.comparison.models
import app.events.models
import app.inspections.models
import app.jobs
import app.mail.models
import app.people.models
import app.places.models
import app.plans.models
import app.writing.models  # noqa: F401
from app.db import Table

metadata = Table.metadata
