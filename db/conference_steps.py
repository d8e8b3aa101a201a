"""Filings of a conference, and its steps as a board counts them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, delete, insert, text
from sqlalchemy.dialects.postgresql import Range
from sqlmodel import SQLModel, col, select

from db.columns import (
    During,
    check_words,
    days_column,
    id_column,
    nullable_json_column,
    nullable_text_column,
    record_column,
    records_column,
    reference_column,
    text_column,
    time_column,
    word_column,
)
from db.session import AsyncSession
from domain.conferences.filed_facts import FiledFacts
from domain.conferences.filings import FiledDocument, Filing
from domain.conferences.steps import Step, StepKind


class ConferenceFiling(SQLModel, table=True):
    """What a unit sent by a deadline of the plan, and the day on which it was received.

    It never changes: what was wrong or missing is filed again.
    """

    __tablename__ = "conference_filing"

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    deadline: str = text_column()
    on: date
    documents: tuple[FiledDocument, ...] = records_column(FiledDocument)
    facts: FiledFacts | None = record_column(FiledFacts, nullable=True)
    reason: str | None = nullable_text_column()
    on_behalf: bool
    """Entered by a council above, from what the unit sent on paper."""
    parts: list[int] | None = nullable_json_column()
    """Of a report: the parts that it has, by their places in the plan, from 1."""
    created_by: str = text_column()
    created_at: datetime = time_column()

    def read_filing(self) -> Filing:
        """The filing in the types of the rules."""
        return Filing(
            deadline=self.deadline,
            on=self.on,
            documents=self.documents,
            facts=self.facts,
            reason=self.reason,
            parts=None if self.parts is None else tuple(self.parts),
        )


class ConferenceStep(SQLModel, table=True):
    """A step of a conference, with the days ``during`` which its last day was known to be ``due``.

    ``name`` and ``clause`` are those of the plan's deadline, so that lists over many plans need no plan.
    """

    __tablename__ = "conference_step"
    __table_args__ = (
        check_words("conference_step_kind_known", "kind", StepKind),
        CheckConstraint("NOT isempty(during)", "conference_step_has_a_day"),
        Index("conference_step_open", "due", postgresql_where=text("done_on IS NULL")),
    )

    conference: UUID = reference_column("conference.id", primary_key=True)
    step: str = text_column(primary_key=True)
    kind: StepKind = word_column(StepKind)
    name: str | None = nullable_text_column()
    clause: str | None = nullable_text_column()
    due: date | None = None
    recipient: str | None = nullable_text_column()
    via: str | None = nullable_text_column()
    done_on: date | None = None
    during: During = days_column(primary_key=True)

    def read_step(self) -> Step:
        """The step in the types of the rules, as it was known on the days of the row."""
        return Step(
            id=self.step,
            kind=self.kind,
            name=self.name,
            clause=self.clause,
            due=self.due,
            recipient=self.recipient,
            via=self.via,
            done_on=self.done_on,
        )


async def list_filings(session: AsyncSession, conference: UUID) -> Sequence[ConferenceFiling]:
    """The filings of a conference, in the order in which they were entered."""
    query = select(ConferenceFiling).where(col(ConferenceFiling.conference) == conference)
    return (await session.exec(query.order_by(col(ConferenceFiling.id)))).all()


async def list_steps(session: AsyncSession, conference: UUID, day: date) -> Sequence[ConferenceStep]:
    """The steps of a conference as they were known on a day."""
    query = select(ConferenceStep).where(
        col(ConferenceStep.conference) == conference, col(ConferenceStep.during).op("@>")(day)
    )
    return (await session.exec(query)).all()


async def rewrite_steps(
    session: AsyncSession, conference: UUID, steps: Sequence[Step], until: date | None = None
) -> None:
    """Write the steps of a conference anew; they end before the day ``until``, if it is given."""
    await session.exec(delete(ConferenceStep).where(col(ConferenceStep.conference) == conference))
    await add_steps(session, conference, steps, until)


async def add_steps(
    session: AsyncSession, conference: UUID, steps: Sequence[Step], until: date | None = None
) -> None:
    """Write the steps of a conference that has none yet."""
    rows = [row for step in steps for row in _build_rows(conference, step, until)]
    if rows:
        await session.exec(insert(ConferenceStep), params=rows)


def _build_rows(conference: UUID, step: Step, until: date | None) -> list[dict[str, object]]:
    """One row, or two where the last day became known on a day: before it there was none."""
    since = None if until is not None and step.since is not None and step.since >= until else step.since
    row = {
        "conference": conference,
        "step": step.id,
        "kind": step.kind,
        "name": step.name,
        "clause": step.clause,
        "due": step.due,
        "recipient": step.recipient,
        "via": step.via,
        "done_on": step.done_on,
        "during": Range(since, until),
    }
    if step.since is not None and since is None:  # the last day was not known yet when the steps ended
        return [{**row, "due": None}]
    return [row] if since is None else [{**row, "due": None, "during": Range(None, since)}, row]
