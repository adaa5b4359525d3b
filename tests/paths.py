"""Where the tests' own material lies."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
GOLDEN = ROOT / "tests" / "golden"
KALMAR = GOLDEN / "kalmar-2021.inspection.yaml"
DEMO = ROOT / "app" / "demo" / "exempelstad.inspection.yaml"
