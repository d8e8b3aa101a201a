"""Nominations: named by a unit, submitted, returned or accepted, withdrawn; the list checked each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from db import nominations, quotas, selections, units
from db.columns import now
from db.conferences import Conference
from db.nominations import Nomination
from db.session import AsyncSession
from domain.access import Access, Actor
from domain.conferences import ConferenceTerms
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.nominations import Honour, State, Vote, after, findings
from domain.plans import SeatGroup
from domain.snapshots import told
from service import conferences, lists, people
from service.access import acting_for, expect_held, expect_named
from service.audit import record
from service.clock import today
from service.lists import ListState
from service.people import Known, Stated
from service.sealing import Vault
from service.targets import expect_counted


@dataclass(frozen=True, slots=True)
class Draft:
    """What a unit says of its nominee. ``person`` is somebody known, ``stated`` somebody new: one of the two.

    ``notice`` is the version of the privacy notice the person was given, ``purpose`` what the data is for;
    ``source_document`` the unit's paper where another enters it.
    """

    group: str
    notice: str
    purpose: str
    person: UUID | None = None
    stated: Stated | None = None
    collective: str | None = None
    rank: int | None = None
    merit: str | None = None
    achievements: str | None = None
    honours: tuple[Honour, ...] = field(default=())
    vote: Vote | None = None
    source_document: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A nomination after a change, what is doubtful about it, and where the unit's list stands now."""

    nomination: Nomination
    findings: Sequence[Finding]
    composition: ListState


async def nominate(
    session: AsyncSession, actor: Actor, vault: Vault, conference: Conference, unit: UUID, draft: Draft
) -> Checked:
    """Enter a draft. It may be ranked before the unit has any seats."""
    await expect_named(session, actor, unit)
    actor = await acting_for(session, actor, conference.congress, unit, draft.source_document)
    terms = await _open(session, conference)
    group = _group(terms, draft.group)
    await _below(session, conference, unit)
    expect_counted(terms.targets, draft.stated)
    person = await _person(session, actor, vault, draft)
    nomination = Nomination(
        conference=conference.id,
        unit=unit,
        group=group.id,
        person=person,
        state=State.DRAFT,
        honours=[],
        notice=draft.notice,
        purpose=draft.purpose,
    )
    await _write(session, actor, nomination, draft)
    return await _told(session, actor, vault, conference, terms, nomination, "nomination_drafted")


async def change(
    session: AsyncSession, actor: Actor, vault: Vault, nomination: Nomination, draft: Draft
) -> Checked:
    """Say it anew; only a draft, or what was returned, may be changed.

    What is stated of the person is changed in place where nobody else names the person; what is left out of
    it stays as it is.
    """
    conference = await conferences.get(session, actor, nomination.conference, share=True)
    await acting_for(session, actor, conference.congress, nomination.unit, draft.source_document)
    terms = await _open(session, conference)
    group = _group(terms, draft.group)
    nomination.state = after("change", State(nomination.state))
    if draft.person is not None and draft.person != nomination.person:
        errors = [Finding("nominee_is_somebody_else", {}, "/person_id")]
        raise Invalid("nominee_is_somebody_else", errors=errors)
    expect_counted(terms.targets, draft.stated)
    if draft.stated is not None:
        await _restate(session, actor, vault, nomination, draft.stated)
    if nomination.group != group.id:  # a returned one still bears the old group's quota
        nomination.group, nomination.quota = group.id, None
    await _write(session, actor, nomination, draft)
    return await _told(session, actor, vault, conference, terms, nomination, "nomination_changed")


async def represent(
    session: AsyncSession, actor: Actor, vault: Vault, nomination: Nomination, stated: Stated, reason: str
) -> Checked:
    """Send somebody else for the same collective."""
    if nomination.collective is None:
        raise Conflict("not_for_a_collective")
    after("represent", State(nomination.state))
    await _expect_no_delegate(session, nomination)
    conference = await _alive(session, actor, nomination)
    expect_counted((await conferences.terms_of(session, conference)).targets, stated)
    before, person = nomination.person, await people.enter(session, actor, vault, stated)
    changes: dict[str, Plain] = {
        "before": str(before),
        "after": str(person.id),
        "reason_sealed": await vault.note(session, before, reason),
    }
    nomination.person = person.id
    if nomination.submitted_at is not None:  # what was sent holds of the other no more
        nomination.submitted_at = now()
    return await _acted(session, actor, vault, conference, nomination, "representative_changed", changes)


async def submit(session: AsyncSession, actor: Actor, vault: Vault, nomination: Nomination) -> Checked:
    """Put a nominee before the level above, within the unit's nominee limit (the database sees to it)."""
    conference = await conferences.get(session, actor, nomination.conference, share=True)
    terms = await _open(session, conference)
    state = after("submit", State(nomination.state))
    quota = await quotas.find(session, nomination.conference, nomination.unit, nomination.group)
    if quota is None:
        raise Conflict("quota_missing", {"group": nomination.group})
    nomination.quota, nomination.state, nomination.submitted_at = quota.id, state, now()
    nomination.returned_reason = None
    await _stored(session, nomination)
    return await _told(session, actor, vault, conference, terms, nomination, "nomination_submitted")


async def accept(session: AsyncSession, actor: Actor, vault: Vault, nomination: Nomination) -> Checked:
    """Take a nominee as delegate, never beyond the unit's seats (the database sees to it)."""
    conference = await _alive(session, actor, nomination)
    nomination.state = after("accept", State(nomination.state))
    return await _acted(session, actor, vault, conference, nomination, "nomination_accepted")


async def send_back(
    session: AsyncSession, actor: Actor, vault: Vault, nomination: Nomination, reason: str
) -> Checked:
    """Return a nomination to its unit, with the reason."""
    conference = await conferences.get(session, actor, nomination.conference)
    await _expect_no_delegate(session, nomination)
    changes: dict[str, Plain] = {"reason_sealed": await vault.note(session, nomination.person, reason)}
    nomination.state = after("return", State(nomination.state))
    nomination.returned_reason = reason
    return await _acted(session, actor, vault, conference, nomination, "nomination_returned", changes)


async def withdraw(
    session: AsyncSession, actor: Actor, vault: Vault, nomination: Nomination, reason: str
) -> Checked:
    """Take a nomination back for good; its place is free again."""
    conference = await conferences.get(session, actor, nomination.conference)
    await _expect_no_delegate(session, nomination)
    changes: dict[str, Plain] = {"reason_sealed": await vault.note(session, nomination.person, reason)}
    nomination.state = after("withdraw", State(nomination.state))
    return await _acted(session, actor, vault, conference, nomination, "nomination_withdrawn", changes)


async def get(session: AsyncSession, actor: Actor, id: UUID, *, lock: bool = False) -> Nomination:  # noqa: A002
    """One nomination within the actor's reach.

    With ``lock`` the conference's state holds first, as for whoever adopts its list and then locks those on
    it. Raises ``NotFound``, and ``Forbidden`` where the call is for the unit, or for the conference, and the
    actor is neither.
    """
    conference = await nominations.hold_conference(session, actor, id) if lock else None
    nomination = await nominations.get(session, actor, id, lock=lock)
    if nomination is None:
        raise NotFound("nomination_not_found")
    if actor.access in (Access.NOMINATIONS_WRITE, Access.NOMINATIONS_DECIDE):
        conference = conference or await conferences.get(session, actor, nomination.conference)
        if actor.access is Access.NOMINATIONS_WRITE:
            await acting_for(session, actor, conference.congress, nomination.unit, nomination.source_document)
        else:
            await expect_held(session, actor, conference.congress, conference.unit)
    return nomination


async def read(
    session: AsyncSession, actor: Actor, vault: Vault, nomination: Nomination
) -> tuple[Checked, Known]:
    """A nomination as it stands, with its unit's list, and what is stated of the person.

    Of what is sealed only the names are told, to who may read the values; that the box was opened leaves an
    event.
    """
    conference = await conferences.get(session, actor, nomination.conference)
    terms = await conferences.terms_of(session, conference)
    checked = await _checked(session, actor, vault, conference, terms, nomination)
    opened = await nominations.is_opened(session, actor, nomination.id)
    person = await people.get(session, actor, nomination.person)
    known = await people.known(session, vault, person, opened=opened)
    if opened:
        plan = await conferences.chain_of(session, conference)
        await record(session, actor, "sealed_named", "person", nomination.person, plan=plan)
    return checked, known


async def page(
    session: AsyncSession,
    actor: Actor,
    conference: UUID,
    *,
    unit: UUID | None,
    group: str | None,
    state: str | None,
    after_id: UUID | None,
    limit: int,
) -> Sequence[Nomination]:
    """Nominations to a conference by age, filtered by unit, group and state."""
    await conferences.get(session, actor, conference)
    query = (
        select(Nomination)
        .where(col(Nomination.conference) == conference, nominations.seen(actor))
        .order_by(col(Nomination.id))
        .limit(limit)
    )
    for column, value in ((Nomination.unit, unit), (Nomination.group, group), (Nomination.state, state)):
        if value is not None:
            query = query.where(col(column) == value)
    if after_id is not None:
        query = query.where(col(Nomination.id) > after_id)
    return (await session.exec(query)).all()


async def _alive(session: AsyncSession, actor: Actor, nomination: Nomination) -> Conference:
    """The nomination's conference, which nobody cancels until the transaction ends."""
    conference = await conferences.get(session, actor, nomination.conference, share=True)
    conferences.alive(conference)
    return conference


async def _open(session: AsyncSession, conference: Conference) -> ConferenceTerms:
    conferences.alive(conference)
    plan = await conferences.plan_of(session, conference)
    if plan.expired(today()):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    return await conferences.terms_of(session, conference)


def _group(terms: ConferenceTerms, name: str) -> SeatGroup:
    group = next((group for group in terms.seat_groups if group.id == name), None)
    if group is None:
        raise Invalid("group_unknown", errors=[Finding("group_unknown", {}, "/group")])
    if group.filled_by != "units":
        params: dict[str, Plain] = {"filled_by": group.filled_by}
        raise Invalid(
            "group_not_filled_by_units", errors=[Finding("group_not_filled_by_units", params, "/group")]
        )
    return group


async def _below(session: AsyncSession, conference: Conference, unit: UUID) -> None:
    """Units nominate to the conference they stand under, or to one that gave them a quota."""
    if await units.stands_below(session, conference.congress, unit, conference.unit, conference.as_of):
        return
    if await quotas.of_conference(session, conference.id, unit):
        return
    raise Invalid("unit_not_below_conference", errors=[Finding("unit_not_below_conference", {}, "/unit")])


async def _person(session: AsyncSession, actor: Actor, vault: Vault, draft: Draft) -> UUID:
    if (draft.person is None) == (draft.stated is None):
        raise Invalid("person_once", errors=[Finding("person_once", {}, "/person")])
    if draft.stated is not None:
        return (await people.enter(session, actor, vault, draft.stated)).id
    if draft.person is not None:
        try:
            return (await people.unerased(session, actor, draft.person)).id
        except NotFound:
            pass
    raise Invalid("person_not_found", errors=[Finding("person_not_found", {}, "/person_id")])


async def _restate(
    session: AsyncSession, actor: Actor, vault: Vault, nomination: Nomination, stated: Stated
) -> None:
    person = await people.get(session, actor, nomination.person, lock=True)
    if await nominations.borne_elsewhere(session, nomination):
        raise Conflict("person_shared", errors=[Finding("person_shared", {}, "/person")])
    await people.amend(session, actor, vault, person, stated)


async def _write(session: AsyncSession, actor: Actor, nomination: Nomination, draft: Draft) -> None:
    collective = None
    if draft.collective is not None:
        collective = await people.collective(session, actor, nomination.unit, draft.collective)
    nomination.collective = collective
    nomination.rank, nomination.merit, nomination.achievements = draft.rank, draft.merit, draft.achievements
    nomination.honours = [told(honour) for honour in draft.honours]
    nomination.vote = None if draft.vote is None else told(draft.vote)
    nomination.notice, nomination.purpose = draft.notice, draft.purpose
    nomination.source_document = draft.source_document
    await _stored(session, nomination)


async def _stored(session: AsyncSession, nomination: Nomination) -> None:
    """Write it down, in one statement: between two a rival who waits for the row stands in the way."""
    nomination.version += 1
    session.add(nomination)
    await session.flush()


async def _expect_no_delegate(session: AsyncSession, nomination: Nomination) -> None:
    """Raise ``Conflict`` for somebody on an adopted list: there a replacement is adopted."""
    if await selections.is_delegate(session, nomination.id):
        raise Conflict("nomination_is_delegate")


async def _acted(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    conference: Conference,
    nomination: Nomination,
    act: str,
    changes: Mapping[str, Plain] | None = None,
) -> Checked:
    await _stored(session, nomination)
    terms = await conferences.terms_of(session, conference)
    return await _told(session, actor, vault, conference, terms, nomination, act, changes)


async def _told(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    conference: Conference,
    terms: ConferenceTerms,
    nomination: Nomination,
    act: str,
    changes: Mapping[str, Plain] | None = None,
) -> Checked:
    """The list checked and the act recorded, in this order: rivals wait for the end of the audit chain."""
    checked = await _checked(session, actor, vault, conference, terms, nomination)
    said: dict[str, Plain] = {
        "state": nomination.state,
        "unit": str(nomination.unit),
        "group": nomination.group,
        "person": str(nomination.person),
        **(changes or {}),
    }
    if not (actor.home(conference.congress, nomination.unit) or actor.access is Access.NOMINATIONS_DECIDE):
        actor = actor.behalf(nomination.unit)
        said["source_document"] = nomination.source_document
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, act, "nomination", nomination.id, said, plan=plan)
    return checked


async def _checked(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    conference: Conference,
    terms: ConferenceTerms,
    nomination: Nomination,
) -> Checked:
    honours = [Honour(**each) for each in nomination.honours]
    vote = None
    if nomination.vote is not None:
        vote = Vote(**{**nomination.vote, "on": date.fromisoformat(nomination.vote["on"])})
    state = await lists.of_unit(session, actor, vault, conference, nomination.unit, terms)
    return Checked(nomination, findings(_group(terms, nomination.group), honours, vote), state)
