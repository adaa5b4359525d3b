"""Hold a Word report against the text of a real one.

    python golden.py REPORT.docx [GOLDEN.txt]

GOLDEN.txt (kalmar-2021.txt beside this file if left out) has a line per paragraph, from the heading "Styrkor" to the
last grade of the last area. The report must hold those paragraphs in that order with nothing between them;
what stands before (front page) and after (appendices) is free. Ignored: white space, a bullet or a
checkbox at the start of a line. Exit status 0 when all lines stand, 1 otherwise.
"""

import difflib
import pathlib
import re
import sys

from docx_text import paragraphs

HERE = pathlib.Path(__file__).resolve().parent
KALMAR = HERE / "kalmar-2021.txt"


def bare(line: str) -> str:
    return re.sub(r"^[\W_]+", "", re.sub(r"\s+", " ", line)).strip()


def main(report: str, golden: str) -> int:
    want = [bare(line) for line in pathlib.Path(golden).read_text(encoding="utf-8").splitlines() if line.strip()]
    have = [line for line in map(bare, paragraphs(report)) if line]
    starts = [i for i, line in enumerate(have) if line == want[0]] or [0]
    start = max(starts, key=lambda i: sum(a == b for a, b in zip(want, have[i:])))  # a table of contents may name it first
    have = have[start : start + len(want)]
    difference = list(difflib.unified_diff(want, have, "golden", "report", lineterm="", n=0))
    print("\n".join(line[:160] for line in difference[:40]))
    stand = sum(a == b for a, b in zip(want, have))
    print(f"{stand} of {len(want)} lines stand")
    return 0 if want == have else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else str(KALMAR)))
