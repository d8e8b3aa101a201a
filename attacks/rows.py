"""The rows of the table, by the point of the list of attacks that they answer."""

from collections.abc import Callable

from attacks import authority, database, overload
from attacks.outcomes import Attack, Findings
from attacks.suites import run_tests
from attacks.target import Target

TO_KEEP = 0.3
"""Seconds, for several pieces at once: large calculations, or thousands of parameters."""
TOGETHER = 1.0
"""Seconds, for many requests at once, each of which is answered in some milliseconds."""


def _build_suite(*files: str) -> Callable[[Target, Findings], None]:
    return lambda _target, findings: run_tests(findings, *files)


ONE_REQUEST = (
    Attack("1 worst JSON for every route", overload.send_worst_json),
    Attack("1 worst tables and plans", overload.send_worst_files),
    Attack("1 worst tables, six at once", overload.send_files_together),
    Attack("1 unknown fields and parameters, every operation", overload.send_unknown_names, TO_KEEP),
)
ANONYMOUS_WORK = (
    Attack("2 verifications with huge numbers", overload.verify_bombs),
    Attack("2 half-sent bodies, slow heads", overload.send_half, TO_KEEP),
)
COMPUTATION = (
    Attack("3 calculations of 20,000 units at once", overload.calculate_much, TO_KEEP),
    Attack("3 runs of 100,000 units, by workers alone", overload.compute_runs, None),
    Attack("3 a large result that is waited for", overload.await_result),
)
CALLERS = (
    Attack("4 large calculations of one caller", overload.calculate_many, None),
    Attack("4 drafts of one unit at once", authority.draft_at_once, TOGETHER),
    Attack("4 what-ifs of one unit at once", overload.ask_what_ifs, TOGETHER),
)
BOXES = (Attack("10 broken boxes (suite)", _build_suite("tests/journeys/test_broken_boxes.py"), None),)
"""Without what an anonymous flood does, which comes later."""
SEALED = (
    Attack("5 sealed attributes by subtraction, every version", authority.subtract_versions, None),
    Attack(
        "5 twins that differ by one person (suite)", _build_suite("tests/access/test_sealed_numbers.py"), None
    ),
)
ACCOUNTS = (Attack("6 one person as two (suite)", _build_suite("tests/access/test_one_person.py"), None),)
EXPORTS = (
    Attack(
        "7 exports and answers have all that is held (suite)",
        _build_suite(
            "tests/api/test_answers.py::test_an_export_has_all_that_was_gathered",
            "tests/api/test_answers.py::test_an_answer_has_all_that_its_service_returned",
            "tests/access/test_disclosures.py",
        ),
        None,
    ),
)
DATABASE = (
    Attack("8 the embedded database, as another user", database.connect_as_another_user, None),
    Attack("9 SQL as the application role", database.run_sql, None),
    Attack("9 SQL as the application role (suite)", _build_suite("tests/db/test_application_role.py"), None),
)
EDGES = (
    Attack("11 doubtful framing", overload.frame_doubtfully),
    Attack("11 ID tokens, and tokens valid for ever", authority.show_tokens_of_another_kind),
    Attack("11 hostile discovery (suite)", _build_suite("tests/access/test_hostile_discovery.py"), None),
    Attack(
        "11 server mode, its two roles (suite)", _build_suite("tests/house/test_container_roles.py"), None
    ),
)
HELD_BEFORE = (
    Attack("every foreign id, every operation and role", authority.ask_for_foreign_things, TO_KEEP),
    Attack("every operation without its scope", authority.ask_without_scope, TO_KEEP),
    Attack("keys and roles beyond one's own", authority.grant_beyond_own),
    Attack("no token, wrong, foreign and expired ones", authority.show_wrong_credentials),
    Attack("compressed bodies", overload.send_packed_bodies),
    Attack("zip, XLSX, YAML and JSON bombs", overload.send_file_bombs, TO_KEEP),
    Attack("races on one seat, one key", authority.race_for_seats, TOGETHER),
    Attack("races of thousands in the database (suite)", _build_suite("tests/db/test_races.py"), None),
)
"""What held from the beginning."""
WRONG_CREDENTIALS = (
    Attack("10 refusals under an anonymous flood", authority.flood_the_trail, TOGETHER),
    Attack("guessed keys", authority.guess_keys),
)
"""They come after all other credentials were shown: afterwards new ones have to wait."""

_ALL = (
    *SEALED,
    *ACCOUNTS,
    *EXPORTS,
    *DATABASE,
    *BOXES,
    *EDGES,
    *HELD_BEFORE,
    *COMPUTATION,
    *CALLERS,
    *ANONYMOUS_WORK,
    *ONE_REQUEST,
    *WRONG_CREDENTIALS,
)

ROWS = tuple(sorted(_ALL, key=lambda attack: attack.name.endswith("(suite)")))
"""Suites come last, since `make test` has them too: on a busy machine the time may end before them."""
