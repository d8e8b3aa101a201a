"""What the database refuses whatever the code above it forgets, asked as the application role asks."""

import re
from dataclasses import dataclass
from itertools import product

import asyncpg
import pytest

from tests.db.ground import said


@dataclass(frozen=True)
class Rule:
    """A constraint, a statement it lets pass, and one just beyond it."""

    constraint: str
    passes: str
    refused: str


def person(year: str, born_on: str) -> str:
    return f"INSERT INTO person VALUES ($new, 'Người thử nghiệm', 'k', {year}, {born_on}, now(), 1)"


def version(n: int, state: str) -> str:
    return (
        "INSERT INTO plan_version (id, plan, n, state, body, digest, created_at, version)"
        f" VALUES (gen_random_uuid(), $plan, {n}, '{state}', '{{}}', 'd', now(), 1)"
    )


def conference(unit: str, state: str = "planned") -> str:
    return (
        "INSERT INTO conference (id, congress, plan_version, unit, tier, state, as_of, form, terms, created_at,"
        f" version) VALUES (gen_random_uuid(), 'thu-nghiem', $published, ${unit}, 't', '{state}', '2025-01-01',"
        " 'f', '{}', now(), 1)"
    )


def seats(seats: int, computed: int, adjustment: int, reason: str = "'r'") -> str:
    return (
        f"UPDATE allocation_seat SET seats = {seats}, computed = {computed}, adjustment = {adjustment},"
        f" reason = {reason} WHERE allocation = $first"
    )


def part(predecessor: str, num: int, den: int) -> str:
    return f"INSERT INTO succession_part VALUES ($new, ${predecessor}, $south, {num}, {den})"


def link(child: str, parent: str, during: str) -> str:
    return (
        "INSERT INTO unit_link VALUES"
        f" (gen_random_uuid(), 'thu-nghiem', ${child}, ${parent}, '{during}')"
    )


def name(unit: str, during: str) -> str:
    return f"INSERT INTO unit_name VALUES (gen_random_uuid(), ${unit}, 'Xã', 'xa', '{during}')"


def code(unit: str, code: str, during: str, scheme: str = "local") -> str:
    return f"INSERT INTO unit_code VALUES (gen_random_uuid(), '{scheme}', '{code}', ${unit}, '{during}')"


def answered(digest: str, answer: str, run: str) -> str:
    return (
        f"INSERT INTO idempotency VALUES ('local', gen_random_uuid()::text, {digest}, {answer}, {run},"
        " now(), now())"
    )


def event(n: int, event_id: str) -> str:
    return (
        "INSERT INTO audit_event VALUES ('house', "
        f"{n}, {event_id}, now(), 'local', NULL, 'a', 'k', 's', NULL, '{{}}', 'p', 'h')"
    )


def decision(number: str) -> str:
    return (
        "INSERT INTO decision VALUES (gen_random_uuid(), 'allocation', $first, 'UBND', 'qd', 'QĐ-UBND', 2025,"
        f" '{number}', '2025-06-05', 'local', now())"
    )


def quota(columns: str) -> str:
    return f"UPDATE quota SET {columns} WHERE id = $quota"


def accepted(unit: str, quota: str, *people: str) -> str:
    return ";".join(f"SELECT nominate(${unit}, ${quota}, ${each}, 'accepted')" for each in people)


def submitted(*people: str) -> str:
    return ";".join(f"SELECT nominate($north, $quota, ${each}, 'submitted')" for each in people)


def invited(*people: str, reply: str = "listed", group: str = "guests") -> str:
    return ";".join(f"SELECT invite('{group}', ${each}, '{reply}')" for each in people)


SHA = "sha256('x')"
SETTLED = (
    "INSERT INTO settlement VALUES (gen_random_uuid(), $first, '{}', 't', 'decision', '[]', NULL, 'm', 'x', now(),"
    " 'local', now())"
)
REPORTED = (
    "INSERT INTO staff_report VALUES (gen_random_uuid(), $north, '2025-01-01', {}, 'unit', false, now(), now())"
)
IMPORTED = (
    "INSERT INTO unit_import VALUES (gen_random_uuid(), 'units', 'csv', 'd', '{{}}', '[]', NULL, '{}', 'local',"
    " now(), NULL, 1)"
)
ALLOCATED = (
    "INSERT INTO allocation (id, conference, n, state, run, snapshot, stages, findings, created_at, version)"
    " VALUES (gen_random_uuid(), $fair, {}, 'decided', $run, 's', '[]', '[]', now(), 1)"
)
GIVEN = (
    'INSERT INTO quota (id, conference, unit, "group", source, document, seats, nominee_limit, taken, nominated,'
    " excess_taken, excess_nominated, created_at, version) VALUES (gen_random_uuid(), $fair, ${}, 'exemplars',"
    " 'received', '{{}}', 1, 1, 0, 0, 0, 0, now(), 1)"
)

RULES = [
    Rule("birth_year_plausible", person("1850", "NULL"), person("1849", "NULL")),
    Rule("birth_year_plausible", person("NULL", "NULL"), person("2201", "NULL")),
    Rule("birth_year_agrees", person("1980", "'1980-12-31'"), person("1981", "'1980-12-31'")),
    Rule("birth_year_agrees", person("1980", "'1980-01-01'"), person("NULL", "'1980-01-01'")),
    Rule("collective_unit_name_key", "INSERT INTO collective VALUES ($new, $south, 'Tổ thử nghiệm', NULL, now())",
         "INSERT INTO collective VALUES ($new, $north, 'Tổ thử nghiệm', NULL, now())"),
    # Plans
    Rule("plan_version_state_known", version(3, "superseded"), version(3, "secret")),
    Rule("plan_version_plan_n_key", version(3, "superseded"), version(1, "superseded")),
    Rule("one_draft_per_plan", f"DELETE FROM plan_version WHERE id = $draft; {version(3, 'draft')}",
         version(3, "draft")),
    Rule("one_published_version_per_plan",
         "UPDATE plan_version SET state = 'superseded' WHERE id = $published;"
         "UPDATE plan_version SET state = 'published' WHERE id = $draft",
         "UPDATE plan_version SET state = 'published' WHERE id = $draft"),
    Rule("published_plan_is_immutable", "UPDATE plan_version SET body = '[]' WHERE id = $draft",
         "UPDATE plan_version SET body = '[]' WHERE id = $published"),
    Rule("published_plan_is_immutable", "UPDATE plan_version SET digest = 'x' WHERE id = $draft",
         "UPDATE plan_version SET digest = 'x' WHERE id = $published"),
    Rule("published_plan_is_immutable", "UPDATE plan_version SET n = 3 WHERE id = $draft",
         "UPDATE plan_version SET n = 3 WHERE id = $published"),
    Rule("published_plan_is_immutable", "UPDATE plan_version SET published_at = now() WHERE id = $draft",
         "UPDATE plan_version SET published_at = NULL WHERE id = $published"),
    Rule("published_plan_is_immutable", "UPDATE plan_version SET state = 'superseded' WHERE id = $published",
         "DELETE FROM plan_version WHERE id = $draft;"
         "UPDATE plan_version SET state = 'draft' WHERE id = $published"),
    Rule("published_plan_is_immutable", "DELETE FROM plan_version WHERE id = $draft",
         "DELETE FROM plan_version WHERE id = $published"),
    Rule("published_plan_is_immutable", "UPDATE plan_version SET state = 'superseded' WHERE id = $published",
         "UPDATE plan_version SET state = 'superseded' WHERE id = $published;"
         "UPDATE plan_version SET state = 'published' WHERE id = $published"),
    # Units
    Rule("unit_under_itself", link("south", "province", "[2025-01-01,)"), link("south", "south", "[2025-01-01,)")),
    Rule("unit_has_two_parents", link("north", "south", "[2025-07-01,)"), link("north", "south", "[2025-06-30,)")),
    Rule("unit_name_overlap", name("north", "[2025-07-01,)"), name("north", "[2025-06-30,2025-07-01)")),
    Rule("unit_name_overlap", name("north", "(,2020-01-01)"), name("north", "(,)")),
    Rule("unit_code_overlap", code("south", "bac", "[2025-07-01,)"), code("south", "bac", "[2025-06-30,)")),
    Rule("unit_code_overlap", code("south", "bac", "[2025-01-01,)", "gso"), code("south", "bac", "(,2020-01-02)")),
    Rule("unit_has_two_codes", code("north", "nam", "[2025-07-01,)"), code("north", "nam", "[2025-06-30,)")),
    Rule("unit_succeeds_itself", part("north", 1, 1), part("south", 1, 1)),
    Rule("succession_share", part("north", 1, 1), part("north", 2, 1)),
    Rule("succession_share", part("north", 1, 3), part("north", 0, 1)),
    Rule("succession_share", part("north", 3, 3), part("north", -1, -1)),
    Rule("staff_report_unit_as_of_revision_source_key", REPORTED.format(2), REPORTED.format(1)),
    Rule("figure_not_negative", "INSERT INTO staff_figure VALUES ($report, 'staff', 0)",
         "INSERT INTO staff_figure VALUES ($report, 'staff', -1)"),
    Rule("unit_import_state_known", IMPORTED.format("checked"), IMPORTED.format("half")),
    # Conferences
    Rule("conference_state_known", conference("north", "held"), conference("north", "perhaps")),
    Rule("one_conference_per_unit_and_congress", conference("north"), conference("province")),
    Rule("one_conference_per_unit_and_congress", conference("province", "cancelled"),
         "UPDATE conference SET state = 'cancelled' WHERE id = $fair;"
         f"{conference('province')}; UPDATE conference SET state = 'held' WHERE id = $fair"),
    Rule("seat_group_filled_by_known", "UPDATE seat_group SET filled_by = 'roll'",
         "UPDATE seat_group SET filled_by = 'chance'"),
    Rule("seat_group_not_negative", "UPDATE seat_group SET seats = 0", "UPDATE seat_group SET seats = -1"),
    Rule("seat_group_not_negative", "UPDATE seat_group SET maximum = 0", "UPDATE seat_group SET maximum = -1"),
    Rule("seat_group_not_negative", "UPDATE seat_group SET listed = 0", "UPDATE seat_group SET listed = -1"),
    Rule("seat_group_full", invited("an", "binh"), invited("an", "binh", "chi")),
    Rule("seat_group_full", invited("an", "binh") + ";" + invited("chi", reply="declined"),
         invited("an", "binh") + ";" + invited("chi", reply="declined")
         + "; UPDATE invitation SET reply = 'accepted' WHERE person = $chi"),
    Rule("seat_group_full", invited("an") + "; UPDATE seat_group SET maximum = 1 WHERE \"group\" = 'guests'",
         invited("an") + "; UPDATE seat_group SET maximum = 0 WHERE \"group\" = 'guests'"),
    Rule("seat_group_full", invited("an") + ";" + invited("binh", "chi", group="exemplars"),
         invited("an", "binh") + ";" + invited("chi", group="exemplars")
         + "; UPDATE invitation SET \"group\" = 'guests'"),
    Rule("invitation_reply_known", invited("an", reply="accepted"), invited("an", reply="perhaps")),
    Rule("person_invited_once", invited("an", reply="declined") + ";" + invited("an"),
         invited("an") + ";" + invited("an", group="exemplars")),
    # Allocations
    Rule("run_state_known", "UPDATE run SET state = 'queued'", "UPDATE run SET state = 'lost'"),
    Rule("allocation_state_known", "UPDATE allocation SET state = 'infeasible'",
         "UPDATE allocation SET state = 'lost'"),
    Rule("allocation_conference_n_key", ALLOCATED.format(3), ALLOCATED.format(2)),
    Rule("one_adopted_allocation_per_conference", "UPDATE allocation SET state = 'adopted' WHERE id = $first",
         "UPDATE allocation SET state = 'adopted'"),
    Rule("allocation_seat_sum", seats(3, 2, 1), seats(3, 2, 0)),
    Rule("allocation_seat_sum", seats(0, 2, -2), seats(-1, 2, -3)),
    Rule("adjustment_has_reason", seats(2, 2, 0, "NULL"), seats(1, 2, -1, "NULL")),
    Rule("allocation_target_not_negative", "UPDATE allocation_target SET seats = 0",
         "UPDATE allocation_target SET seats = -1"),
    Rule("settlement_allocation_stage_tied_digest_key", f"{SETTLED.format('a')};{SETTLED.format('b')}",
         f"{SETTLED.format('a')};{SETTLED.format('a')}"),
    Rule("decision_number_taken", f"{decision('123')};{decision('124')}", f"{decision('123')};{decision('123')}"),
    # Quotas
    Rule("quota_conference_unit_group_key", GIVEN.format("province"), GIVEN.format("north")),
    Rule("quota_source_known", "SELECT 1", quota("source = 'rumour', document = NULL")),
    Rule("received_quota_has_document", quota("document = '{\"number\": \"1\"}'"), quota("document = NULL")),
    Rule("computed_quota_has_allocation", quota("source = 'allocation', document = NULL, allocation = $first"),
         quota("source = 'allocation', document = NULL")),
    Rule("quota_not_negative", quota("seats = 0"), quota("seats = -1, excess_taken = 1")),
    Rule("quota_not_negative", quota("nominee_limit = 0"), quota("nominee_limit = -1, excess_nominated = 1")),
    Rule("quota_excess_not_negative", quota("excess_taken = 0"), quota("excess_taken = -1")),
    Rule("quota_excess_not_negative", quota("excess_nominated = 0"), quota("excess_nominated = -1")),
    Rule("quota_seats_exceeded", accepted("north", "quota", "an", "binh"),
         accepted("north", "quota", "an", "binh", "chi")),
    Rule("quota_seats_exceeded", submitted("an", "binh", "chi"),
         submitted("an", "binh", "chi") + "; UPDATE nomination SET state = 'accepted'"),
    Rule("quota_seats_exceeded", accepted("north", "quota", "an") + ";" + quota("seats = 1"),
         accepted("north", "quota", "an") + ";" + quota("seats = 0")),
    Rule("quota_nominee_limit_exceeded", submitted("an", "binh", "chi"), submitted("an", "binh", "chi", "dung")),
    Rule("quota_nominee_limit_exceeded", submitted("an") + ";" + accepted("north", "quota", "binh", "chi"),
         submitted("an", "dung") + ";" + accepted("north", "quota", "binh", "chi")),
    Rule("quota_nominee_limit_exceeded", submitted("an") + ";" + quota("nominee_limit = 1"),
         submitted("an") + ";" + quota("nominee_limit = 0")),
    # Nominations
    Rule("nomination_state_known", "SELECT nominate($north, NULL, $an, 'returned')",
         "SELECT nominate($north, NULL, $an, 'lost')"),
    Rule("nomination_needs_quota", "SELECT nominate($north, NULL, $an, 'draft')",
         "SELECT nominate($north, NULL, $an, 'submitted')"),
    Rule("nomination_needs_quota", submitted("an"), submitted("an") + "; UPDATE nomination SET quota = NULL"),
    Rule("nomination_quota_fits", "SELECT nominate($north, $quota, $an, 'submitted')",
         "SELECT nominate($north, $spare, $an, 'submitted')"),
    Rule("nomination_quota_fits", submitted("an"), submitted("an") + "; UPDATE nomination SET unit = $south"),
    Rule("nomination_quota_fits", submitted("an"),
         submitted("an") + "; UPDATE quota SET \"group\" = 'guests' WHERE id = $quota"),
    Rule("nomination_rank_positive", submitted("an") + "; UPDATE nomination SET rank = 1",
         submitted("an") + "; UPDATE nomination SET rank = 0"),
    Rule("person_nominated_once_by_unit",
         submitted("an") + "; UPDATE nomination SET state = 'withdrawn';" + submitted("an"),
         submitted("an") + "; UPDATE nomination SET state = 'returned';" + submitted("an")),
    Rule("person_accepted_once", submitted("an") + ";" + accepted("south", "spare", "an"),
         accepted("north", "quota", "an") + ";" + accepted("south", "spare", "an")),
    # Runs, retries, audit
    Rule("idempotency_answer_or_run", answered(SHA, "'x'", "NULL"), answered(SHA, "NULL", "NULL")),
    Rule("idempotency_answer_or_run", answered(SHA, "NULL", "$run"), answered(SHA, "'x'", "$run")),
    Rule("idempotency_request_digest_sha256", answered(SHA, "'x'", "NULL"), answered("'x'", "'x'", "NULL")),
    Rule("audit_event_id_key", f"{event(1, '$an')};{event(2, '$binh')}", f"{event(1, '$an')};{event(2, '$an')}"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.constraint)
async def test_what_is_within_a_constraint_passes_and_what_is_beyond_is_refused_by_name(
    application: asyncpg.Connection, rule: Rule
) -> None:
    async with application.transaction():
        await application.execute(said(rule.passes))
        rollback = application.transaction()
    await rollback.start()


