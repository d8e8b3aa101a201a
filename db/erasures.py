"""Erasing one person, table by table; only the fact that there was a person remains, and the counts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, not_, or_, text, update
from sqlmodel import col, select

from db.conferences import Conference
from db.exemplars import Exemplar
from db.idempotency import Idempotency
from db.invitations import Invitation
from db.nominations import Nomination, is_visible_nomination
from db.people import Person
from db.reach import is_in_subtree
from db.session import AsyncSession
from domain.access import Actor

ERASED_MARK = "(đã xóa)"
"""Vietnamese for "erased": it replaces values that may not be empty."""

# The order matters: collectives are found by the lines that name them.
# States, seats, ranks, votes and document numbers remain, and so do all counts that triggers keep.
_SCRIPT = """
UPDATE collective SET name = concat(CAST(:mark AS text), ' ', id), description = NULL
WHERE id IN (SELECT collective FROM nomination WHERE person = :person
        UNION SELECT collective FROM invitation WHERE person = :person)
    AND NOT EXISTS (SELECT FROM nomination o WHERE o.collective = collective.id AND o.person <> :person)
    AND NOT EXISTS (SELECT FROM invitation o WHERE o.collective = collective.id AND o.person <> :person)
    AND NOT EXISTS (SELECT FROM exemplar o WHERE o.collective = collective.id)
--
UPDATE nomination SET merit = NULL, achievements = NULL, honours = '[]', returned_reason = NULL,
    version = version + 1
WHERE person = :person
--
UPDATE invitation SET basis = :mark, offices = '[]', honours = '[]', version = version + 1,
    reason = CASE WHEN reason IS NOT NULL THEN CAST(:mark AS text) END
WHERE person = :person
--
UPDATE exemplar SET name = concat(CAST(:mark AS text), ' ', id), authority = NULL, version = version + 1
WHERE person = :person
--
UPDATE check_in SET undone_reason = :mark
WHERE undone_reason IS NOT NULL
    AND (nomination IN (SELECT id FROM nomination WHERE person = :person)
        OR invitation IN (SELECT id FROM invitation WHERE person = :person))
--
SELECT destroy_person_key(:person)
--
DELETE FROM person_attribute WHERE person = :person
--
DELETE FROM release_person WHERE person = :person
--
UPDATE person SET name = :mark, sort_key = '', birth_year = NULL, born_on = NULL, shown_key = NULL,
    shown_year = NULL, erased_at = now(), version = version + 1
WHERE id = :person
"""
_STATEMENTS = tuple(map(text, _SCRIPT.split("\n--\n")))

_CLEAR_RUNS = text(
    "UPDATE run SET answer = NULL, problem = NULL, progress = NULL"
    " WHERE EXISTS (SELECT FROM unnest(CAST(:marks AS text[])) AS mark"
    " WHERE strpos(concat(answer, problem, progress), mark) > 0)"
)

_LOCK_LINES = (
    text("SELECT id FROM nomination WHERE person = :person ORDER BY id FOR UPDATE"),
    text("SELECT id FROM invitation WHERE person = :person ORDER BY id FOR UPDATE"),
    text("SELECT id FROM exemplar WHERE person = :person ORDER BY id FOR UPDATE"),
)


async def was_sent_beyond_reach(session: AsyncSession, actor: Actor, person: UUID) -> bool:
    """Whether a nomination of the person that the actor sees was submitted to a conference beyond reach."""
    query = (
        select(Nomination.id)
        .join(Conference, col(Conference.id) == col(Nomination.conference))
        .where(
            col(Nomination.person) == person,
            col(Nomination.submitted_at).is_not(None),
            is_visible_nomination(actor),
            not_(is_in_subtree(actor, col(Conference.congress), col(Conference.unit))),
        )
    )
    return (await session.exec(query.limit(1))).first() is not None


async def is_named_beyond_reach(session: AsyncSession, actor: Actor, person: UUID) -> bool:
    """Whether a unit beyond the actor's reach nominated, invited or honoured the person, drafts included.

    The session must be able to read all rows.
    """
    congress, unit = col(Conference.congress), col(Conference.unit)
    is_own_conference = is_in_subtree(actor, congress, unit)
    named = (
        select(Nomination.id)
        .join(Conference, col(Conference.id) == col(Nomination.conference))
        .where(
            col(Nomination.person) == person,
            not_(or_(is_own_conference, is_in_subtree(actor, congress, col(Nomination.unit)))),
        )
    )
    invited = (
        select(Invitation.id)
        .join(Conference, col(Conference.id) == col(Invitation.conference))
        .where(col(Invitation.person) == person, not_(is_own_conference))
    )
    honoured = (
        select(Exemplar.id)
        .join(Conference, col(Conference.id) == col(Exemplar.conference))
        .where(col(Exemplar.person) == person, not_(is_own_conference))
    )
    beyond = or_(named.exists(), invited.exists(), honoured.exists())
    return bool((await session.exec(select(beyond))).one())


async def list_person_marks(session: AsyncSession, person: UUID) -> list[str]:
    """The texts that identify a person in answers: the person's id, the ids of the person's lines, the name.

    The lines are locked. So a request that was changing one of them has stored its answer before, and the
    answer is found.
    """
    connection = await session.connection()
    marks = [str(person)]
    for query in _LOCK_LINES:
        marks += map(str, (await connection.execute(query, {"person": person})).scalars())
    return [*marks, (await session.exec(select(Person.name).where(col(Person.id) == person))).one()]


async def erase_person(session: AsyncSession, person: UUID, marks: Sequence[str]) -> None:
    """Delete the person's key, so that nothing sealed with it can be read, and empty what is stored unsealed.

    ``marks`` come from :func:`list_person_marks`; answers of runs that contain one are emptied. The session
    must be able to read and change all rows.
    """
    connection = await session.connection()
    for statement in _STATEMENTS:
        params = {"person": person, "mark": ERASED_MARK}
        await connection.execute(statement, {name: params[name] for name in statement.compile().params})
    await connection.execute(_CLEAR_RUNS, {"marks": list(marks)})


async def page_answers(session: AsyncSession, after: tuple[str, str], limit: int) -> Sequence[Idempotency]:
    """At most ``limit`` stored answers by actor and key, those after the pair ``after``."""
    actor, key = col(Idempotency.actor), col(Idempotency.key)
    query = select(Idempotency).where(
        col(Idempotency.answer).is_not(None), or_(actor > after[0], and_(actor == after[0], key > after[1]))
    )
    return (await session.exec(query.order_by(actor, key).limit(limit))).all()


async def blank_answer(session: AsyncSession, actor: str, key: str) -> None:
    """Empty a stored answer; its key remains, so that a repeated request is not carried out again."""
    place = col(Idempotency.actor) == actor, col(Idempotency.key) == key
    await session.exec(update(Idempotency).where(*place).values(answer=b""))
