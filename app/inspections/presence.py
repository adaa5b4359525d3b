"""Who is on which area of an inspection just now, as their devices say when they ask for news.

In memory alone, and forgotten after FORGOTTEN seconds: no table, no audit, no log. Each process knows those
who asked it, so with several one may be missing, and never is anybody shown who is not there.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from app.accounts.viewer import Viewer

FORGOTTEN = 40.0  # seconds: a device asks every 15, and one round may be lost


@dataclass(frozen=True)
class Present:
    name: str  # the first one: they know each other
    initials: str
    area: str


class Presence:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._seen: dict[tuple[str, str], tuple[float, Present]] = {}  # by inspection and person

    def others(self, inspection: str, viewer: Viewer, area: str) -> list[Present]:
        """Notes that the viewer is on an area ("" = on none), and tells who else is."""
        with self._lock:
            now, own = self._clock(), (inspection, viewer.id)
            self._seen = {key: each for key, each in self._seen.items() if now - each[0] < FORGOTTEN and key != own}
            if area:
                self._seen[own] = now, Present(viewer.name.split()[0], viewer.initials, area)
            here = [each for (where, who), (_, each) in self._seen.items() if where == inspection and who != viewer.id]
        return sorted(here, key=lambda each: (each.area, each.name))
