"""Ask the advisory database about every package of a lock: ``python .ci/audit.py LOCK [pip-audit options]``.

pip-audit alone answers "no known vulnerabilities" for packages that it could not look up, as behind a mirror
without advisories; here the number looked up is part of the answer. A known vulnerability fails. A database
out of reach is said and does not fail: that is no answer about the lock.
"""

import json
import subprocess
import sys


def audit(lock: str, options: list[str]) -> int:
    """0 when nothing is known against the lock, 1 when something is; any other failure is pip-audit's own."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--format=json"]
    command += ["--disable-pip", "--require-hashes", "-r", lock, *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if not run.stdout.startswith("{"):
        if "vulnerability feed" in run.stderr or "ConnectionError" in run.stderr:
            return say(f"audit: {lock} was NOT checked, the advisory database is out of reach", 0)
        return say(run.stderr, run.returncode or 1)
    packages = json.loads(run.stdout)["dependencies"]
    known = [package for package in packages if "vulns" in package]
    for package in known:
        for advisory in package["vulns"]:
            fixed = ", ".join(advisory["fix_versions"]) or "no version"
            say(f"audit: {package['name']} {package['version']}: {advisory['id']}, mended in {fixed}", 1)
    if not known:
        return say(f"audit: {lock} was NOT checked, the advisory database knows none of its packages", 0)
    found = sum(len(package["vulns"]) for package in known)
    looked_up = f"{len(known)} of {len(packages)} packages could be looked up"
    return say(f"audit: {lock}: {found} known vulnerabilities; {looked_up}", int(found > 0))


def say(line: str, status: int) -> int:
    """Print a line and pass the exit status on."""
    sys.stdout.write(line + "\n")
    return status


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1], sys.argv[2:]))
