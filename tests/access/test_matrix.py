"""Every role, operation and relation: as docs/access.md has it, and as the rules of reach want it."""

from pathlib import Path

import pytest

from domain.access import OWN_UNIT_ROLES, Access, Role
from tests.access.matrix import Matrix, has_scope, observe_matrix, operations, table
from tests.access.world import BESIDE, ELSEWHERE, NOWHERE, OWN, RELATIONS
from tests.client import Client
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json

pytestmark = pytest.mark.slow  # every operation by every role: 13 s once for the module

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
START, END = "<!-- matrix -->\n", "<!-- end -->\n"

OUT = (BESIDE, ELSEWHERE, NOWHERE)
REFUSED_BY_ALL = {"draft_plan (body)"}
"""Says who issues the plan; whom it names need not exist."""


@pytest.fixture(scope="module")
async def spec(client: Client) -> Json:
    """The document."""
    found: Json = client.http._transport.app.openapi()  # type: ignore[attr-defined]  # the transport of the tests
    return found


@pytest.fixture(scope="module")
async def matrix(client: Client, spec: Json, scene: Scene) -> Matrix:
    """What the service does."""
    return await observe_matrix(client.http, spec, scene.facts)


READS = {access for access in Access if access.endswith(":read")} | {Access.CALCULATE}
"""What changes nothing that others see."""


def access_of(spec: Json) -> dict[str, Access]:
    return {operation.id: operation.access for operation in operations(spec)}


def test_the_page_has_the_matrix_as_it_is(matrix: Matrix, spec: Json, tmp_path: Path) -> None:
    found = table(spec, matrix)
    (tmp_path / "matrix.md").write_text(found)
    told = PAGE.read_text().partition(START)[2].partition(END)[0]
    assert told == found, f"docs/access.md is behind; what is observed stands in {tmp_path / 'matrix.md'}"


def test_every_operation_that_names_a_thing_is_in_it(matrix: Matrix, spec: Json) -> None:
    asked = {row.partition(" ")[0] for row in matrix}
    left = {each.id for each in operations(spec) if each.parameters and "import_id" not in each.parameters}
    assert left <= asked


def test_every_route_of_v1_is_declared(spec: Json) -> None:
    found = [told for methods in spec["paths"].values() for told in methods.values()]
    assert all("x-access" in told for told in found)
    public = {told["operationId"] for told in found if told["x-access"] == Access.PUBLIC}
    assert public == {
        "livez",
        "readyz",
        "read_start",
        "read_version_start",
        "list_reference_lists",
        "read_reference_list",
        "verify_certificate",
    }


def test_without_the_scope_there_is_only_403(matrix: Matrix, spec: Json) -> None:
    access = access_of(spec)
    for row, relations in matrix.items():
        for relation, outcomes in relations.items():
            for role in Role:
                if not has_scope(role, access[row.partition(" ")[0]]):
                    assert outcomes[role] == "403", (row, relation, role)


def test_beside_and_elsewhere_nothing_is_there(matrix: Matrix) -> None:
    """But for what was published of plans; and a thing out of reach is like a thing that is not."""
    for row, relations in matrix.items():
        if row.endswith("(published)"):
            continue
        for relation in OUT:
            if relation in relations:
                assert "yes" not in relations[relation].values(), (row, relation)
                assert relations[relation] == relations[NOWHERE], (row, relation)


def test_an_auditor_changes_nothing(matrix: Matrix, spec: Json) -> None:
    access = access_of(spec)
    for row, relations in matrix.items():
        served = any(outcomes[Role.AUDITOR] == "yes" for outcomes in relations.values())
        assert not served or access[row.partition(" ")[0]] in READS, row


def test_officers_and_programs_change_what_is_their_own(matrix: Matrix, spec: Json) -> None:
    access = access_of(spec)
    by_conference = {"nominate"}  # the conference is above; the unit in the body is what counts
    for row, relations in matrix.items():
        if access[row.partition(" ")[0]] in READS or row in by_conference:
            continue
        for role in OWN_UNIT_ROLES:
            served = {relation for relation in relations if relations[relation][role] == "yes"}
            assert served <= {OWN}, (row, role)


def test_a_draft_is_seen_by_its_own_unit_alone(matrix: Matrix) -> None:
    for row, relations in matrix.items():
        if row.endswith("(draft)"):
            for relation in set(RELATIONS) - {OWN}:
                assert "yes" not in relations.get(relation, {}).values(), (row, relation)
