"""Measures every row, prints the table, writes var/bench.json."""

import json
from dataclasses import asdict

from tests.bench import comparison, device, documents, savers, saving, sealing, signing_in, starting, web
from tests.bench.rows import Row
from tests.paths import ROOT


def _cell(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _line(row: Row) -> str:
    digits = 0 if row.unit == "B" else 2
    cells = [_cell(row.median, digits), _cell(row.p99, digits), _cell(row.floor, digits), _cell(row.ratio, 1)]
    return f"{row.name:<24}{row.unit:<4}" + "".join(f"{cell:>12}" for cell in cells)


def main() -> None:
    print(f"{'name':<24}{'unit':<4}{'median':>12}{'p99':>12}{'floor':>12}{'ratio':>12}")
    found = []
    for measured in (documents, web, saving, savers, device, comparison, signing_in, sealing, starting):
        for row in measured.rows():
            print(_line(row), flush=True)
            found.append(asdict(row))
    out = ROOT / "var" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(out)


if __name__ == "__main__":
    main()
