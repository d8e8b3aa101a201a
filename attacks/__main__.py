"""Start a service, attack it, and print one table: ``python -m attacks [words]``.

With words only the rows that have one of them in their name are tried. Exit status 1 if anything broke.
"""

import sys
import time

from attacks.outcomes import print_heading, run_attacks
from attacks.rows import ROWS
from attacks.target import start_target

SECONDS = 300
"""All of it, the start of the service included, on two quiet cores."""


def main() -> None:
    """Print the table, and a line that says how it ended."""
    began = time.monotonic()
    words = sys.argv[1:]
    chosen = [each for each in ROWS if not words or any(word in each.name for word in words)]
    with start_target() as target:
        print_heading()
        rows = run_attacks(target, chosen, began + SECONDS)
    broken = [row.name for row in rows if row.findings.faults]
    tried = sum(row.findings.tried for row in rows)
    print(f"{len(rows)} attacks, {tried} tries, {time.monotonic() - began:.0f} s of {SECONDS} s")
    print(f"broke: {'; '.join(broken) or 'none'}")
    raise SystemExit(bool(broken) or not rows)


if __name__ == "__main__":
    main()
