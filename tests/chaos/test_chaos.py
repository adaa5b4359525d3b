"""Two rounds on each database, of the many that `make chaos` plays."""

import pytest

from tests.chaos.__main__ import main


def test_nothing_that_was_acknowledged_is_gone_after_a_kill(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(rounds=2) == 0
    first, *_, last = capsys.readouterr().out.splitlines()
    assert last.startswith("databases 2 rounds 4 acknowledged ")
    assert last.endswith(" missing 0")
    assert first.startswith("sqlite       1  killed server ")
