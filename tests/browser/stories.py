"""Which stories have been told in this run, and which pages were under axe by then, whichever worker told them."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.browser.axe import under_axe

PATIENCE = 300  # seconds that the last of the stories waits for another worker's


@dataclass(frozen=True)
class Stories:
    """Workers are processes of their own: they tell each other by files, in the run's folder, one for each story."""

    folder: Path

    def note(self, story: str) -> None:
        file = self._file(story)
        new = file.with_suffix(".new")
        new.write_text("\n".join(under_axe))
        new.rename(file)

    def under_axe(self, stories: Collection[str]) -> set[str]:
        """By the end of these. Waits for those that another worker still tells: whoever asks is the last of all, so
        none of them waits behind it."""
        until = time.monotonic() + PATIENCE
        while untold := [story for story in stories if not self._file(story).exists()]:
            assert time.monotonic() < until, untold
            time.sleep(0.1)
        return {path for story in stories for path in self._file(story).read_text().splitlines()}

    def _file(self, story: str) -> Path:
        return self.folder / f"story-{sha256(story.encode()).hexdigest()}"
