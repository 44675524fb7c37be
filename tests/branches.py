"""``python -m tests.branches FOLDER``: coverage of all runs together, and the floor under the rules.

``make test`` and ``make services`` leave one data file each in FOLDER. Of the branches in domain/, checks/, queries/
and rules.py at least 95 % must have been taken.
"""

import json
import sys
from pathlib import Path

from coverage import Coverage

FLOOR = 95.0
RULES = ["*/domain/*", "*/checks/*", "*/queries/*", "*/rules.py"]


def main(folder: Path) -> int:
    """Print the modules of the rules that are not fully covered and return 0 when the floor holds."""
    runs = [path for path in sorted(folder.glob("*")) if path.suffix not in {".json", ".all"}]
    if not runs:
        print("Nothing measured yet: run make test, make services.")
        return 1
    print("Measured by:", ", ".join(path.name for path in runs))
    coverage = Coverage(data_file=str(folder / "together.all"))
    coverage.combine([str(path) for path in runs], keep=True)
    coverage.report(include=RULES)
    report = folder / "rules.json"
    coverage.json_report(include=RULES, outfile=str(report))
    totals = json.loads(report.read_text())["totals"]
    share = 100 * totals["covered_branches"] / max(1, totals["num_branches"])
    print(f"Branches of the rules: {totals['covered_branches']} of {totals['num_branches']}, {share:.1f} %")
    return 0 if share >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
