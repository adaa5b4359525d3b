"""`python -m tests.chaos ROUNDS [SEED]`: that many rounds on each database. Status 0 only where nothing is missing."""

import sys
from random import Random

from tests.chaos.rounds import on_postgresql, on_sqlite, play

SEED = 1


def main(rounds: int, seed: int = SEED) -> int:
    """The last line is the result; see make chaos."""
    random = Random(seed)  # noqa: S311 - the same seed plays the same rounds, as far as a kill can be timed
    acknowledged = missing = 0
    kinds = (on_sqlite, on_postgresql)
    for kind in kinds:
        with kind(random) as tried:
            play(tried, rounds, random)
            acknowledged += tried.acknowledged
            missing += len(tried.missing)
    print(f"databases {len(kinds)} rounds {rounds * len(kinds)} acknowledged {acknowledged} missing {missing}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
