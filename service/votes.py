"""Votes of conferences on their lists: recorded with count and minutes, named, revoked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db import papers, quotas, units, votes
from db.cases import RowLock
from db.columns import now
from db.nominations import Nomination
from db.plans import list_congress_ids
from db.votes import ListVote, ListVoteName, ListVoteReason
from domain.acts import Act
from domain.conferences.life import ConferenceState, expect_recorded_meeting
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain, Severity
from domain.nominations import LIVE_STATES, NominationState
from domain.people import compute_same_time_days
from domain.quotas import is_in_force
from domain.votes import (
    UpperEvent,
    VoteFacts,
    check_revoked_list,
    check_vote,
    expect_upper_event,
    expect_valid_vote,
    expect_within_limits,
    has_passed,
)
from service.access import act_for_unit
from service.audit import build_event, record_events, store_row
from service.conferences.case import act_for_lower_unit, load_case
from service.vaults import Box
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class ListVoteEntry:
    """A vote of a unit's ``own_conference``, or without one the list of its organ's letter (``document``).

    ``names`` are nominations to the upper event, the first name first; they may follow later.
    """

    unit: UUID
    event: UpperEvent
    facts: VoteFacts
    own_conference: UUID | None = None
    document: str | None = None
    minutes: UUID | None = None
    names: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class ListVoteDescription:
    """A vote, the names that the actor sees, the findings, and why it was revoked, for who may read that."""

    vote: ListVote
    names: Sequence[ListVoteName]
    findings: Sequence[Finding]
    reason: str | None = None


async def record_list_vote(work: Work, entry: ListVoteEntry) -> ListVoteDescription:
    """Record how a unit's list for one upper event was passed; one vote counts for each event.

    Raises ``Conflict`` for a conference that has not met, and for a letter of a unit that has a conference.
    """
    await _expect_unit(work, entry.unit)
    case = None if entry.own_conference is None else await _load_own_case(work, entry)
    congress = entry.event.congress if case is None else case.congress
    work = await act_for_unit(work, congress, entry.unit, entry.document)
    if case is None:
        await _expect_letter(work, entry)
    else:
        _expect_conference_vote(case, entry)
    meeting = None if case is None else case.conference.meeting
    expect_valid_vote(entry.facts, meeting, work.today)
    await _expect_minutes(work, entry)
    rule = None if case is None else case.tier.list_vote
    vote = ListVote(
        congress=congress,
        unit=entry.unit,
        own_conference=entry.own_conference,
        source_document=entry.document,
        upper_congress=entry.event.congress,
        upper_tier=entry.event.tier,
        on=entry.facts.on,
        present=entry.facts.present,
        in_favour=entry.facts.in_favour,
        passed=has_passed(entry.facts, None if rule is None else rule.majority),
        minutes=entry.minutes,
        named=len(entry.names),
    )
    names = await _build_names(work, vote, entry.names)
    work.session.add(vote)
    await work.session.flush()
    work.session.add_all(names)
    await work.session.flush()
    await _record(work, Act.LIST_VOTE_RECORDED, vote, case)
    return ListVoteDescription(vote, names, _check(vote, case))


async def get_list_vote(work: Work, id: UUID, *, lock: bool = False) -> ListVote:  # noqa: A002
    """One vote within the actor's reach; ``lock`` is to act on it, which not everybody may who sees it."""
    vote = await votes.find_list_vote(work.session, work.actor, id, lock=lock)
    if vote is None:
        raise NotFound("list_vote_not_found")
    if lock:
        await act_for_unit(work, vote.congress, vote.unit, vote.source_document)
    return vote


async def describe_list_vote(work: Work, vote: ListVote) -> ListVoteDescription:
    """A vote with the names that the actor sees."""
    names = await votes.list_visible_names(work.session, work.actor, vote.id)
    findings = await _check_for_reader(work, vote)
    reason, unread = (None, []) if vote.revoked_at is None else await open_vote_reason(work, vote)
    return ListVoteDescription(vote, names, [*findings, *unread], reason)


async def name_list(work: Work, vote: ListVote, names: Sequence[UUID]) -> ListVoteDescription:
    """Say who is on a list that was recorded without names, as before its upper conference was open."""
    work = act_for_lower_unit(work, vote.congress, vote.unit)
    _expect_live(vote)
    if vote.named:
        raise Conflict("list_has_names")
    rows = await _build_names(work, vote, names)
    vote.named = len(rows)
    await store_row(work, vote)
    work.session.add_all(rows)
    await work.session.flush()
    case = await _load_vote_case(work, vote)
    await _record(work, Act.LIST_NAMED, vote, case)
    return ListVoteDescription(vote, rows, _check(vote, case))


async def revoke_list_vote(work: Work, vote: ListVote, reason: str) -> ListVoteDescription:
    """Take back what was recorded wrongly; it can then be recorded anew.

    A finding says how many of the list were accepted already, where the plan asks for lists that were passed.
    """
    work = act_for_lower_unit(work, vote.congress, vote.unit)
    _expect_live(vote)
    vote.revoked_at = now()
    await store_row(work, vote)
    await _seal_reason(work, vote, reason)
    names = await votes.list_visible_names(work.session, work.actor, vote.id)
    left = await _check_accepted_names(work, names)
    case = await _load_vote_case(work, vote)
    await _record(work, Act.LIST_VOTE_REVOKED, vote, case)
    return ListVoteDescription(vote, names, [*_check(vote, case), *left], reason)


async def open_vote_reason(work: Work, vote: ListVote) -> tuple[str | None, list[Finding]]:
    """Why a vote was revoked, for an actor who may read it; and the finding that it does not open."""
    row = await votes.find_reason(work.session, work.actor, vote.id)
    if row is None:
        return None, []
    try:
        return work.vault.open_content(Box(row.name, row.wrapped, row.master, row.sealed)).decode(), []
    except ValueError:
        work.vault.report_unreadable("notes", [row.master])
        return None, [Finding("sealed_notes_unreadable", {"notes": 1}, severity=Severity.WARNING)]


async def _check_accepted_names(work: Work, names: Sequence[ListVoteName]) -> list[Finding]:
    """What is said of a list that is gone although people on it were accepted."""
    persons = {each.nomination: each.person for each in names}
    rows = await votes.list_named_nominations(work.session, work.actor, persons)
    accepted = [
        row for row, _ in rows if row.state == NominationState.ACCEPTED and row.person == persons[row.id]
    ]
    if not accepted:
        return []
    upper = await load_case(work, accepted[0].conference)
    return check_revoked_list(upper.plan, upper.tier, len(accepted))


async def _seal_reason(work: Work, vote: ListVote, reason: str) -> None:
    box = work.vault.seal_content(reason.encode())
    work.session.add(
        ListVoteReason(vote=vote.id, name=box.name, wrapped=box.wrapped, master=box.master, sealed=box.sealed)
    )
    await work.session.flush()


async def _expect_unit(work: Work, unit: UUID) -> None:
    if await units.find_unit(work.session, work.actor, unit) is None:
        raise Invalid("unit_not_found", errors=[Finding("unit_not_found", pointer="/unit")])


def _expect_live(vote: ListVote) -> None:
    if vote.revoked_at is not None:
        raise Conflict("list_vote_revoked")


async def _load_vote_case(work: Work, vote: ListVote) -> Case | None:
    """The case of the conference that voted; none for a letter."""
    return None if vote.own_conference is None else await load_case(work, vote.own_conference)


async def _load_own_case(work: Work, entry: ListVoteEntry) -> Case:
    """The case of the conference that voted; it does not change until the transaction ends."""
    wrong = Finding("conference_not_of_unit", pointer="/own_conference")
    try:
        case = await load_case(work, entry.own_conference or entry.unit, lock=RowLock.SHARE)
    except NotFound:
        raise Invalid(wrong.code, errors=[wrong]) from None
    if case.conference.unit != entry.unit:
        raise Invalid(wrong.code, errors=[wrong])
    return case


def _expect_conference_vote(case: Case, entry: ListVoteEntry) -> None:
    expect_recorded_meeting(case.conference.state)
    expect_upper_event(case.plan, case.tier, entry.event)
    if entry.facts.present is None or entry.facts.in_favour is None:
        raise Invalid("vote_not_counted", errors=[Finding("vote_not_counted", pointer="/present")])


async def _expect_letter(work: Work, entry: ListVoteEntry) -> None:
    """Raise unless there is a letter, the congress, and no conference of the unit at that time."""
    if entry.document is None:
        raise Invalid("letter_missing", errors=[Finding("letter_missing", pointer="/source_document")])
    congresses = await list_congress_ids(work.session)
    if entry.event.congress not in congresses:
        params: dict[str, Plain] = {"congresses": list(congresses)}
        errors = [Finding("congress_unknown", params, "/upper_congress")]
        raise Invalid("congress_unknown", params, errors=errors)
    days = compute_same_time_days(entry.facts.on)
    if await votes.has_conference_between(work.session, entry.unit, *days):
        raise Conflict("unit_has_conference")


async def _expect_minutes(work: Work, entry: ListVoteEntry) -> None:
    """Raise ``Invalid`` for minutes that are no paper of the unit, or were erased."""
    if entry.minutes is None:
        return
    paper = await papers.find_paper(work.session, work.actor, entry.minutes)
    if paper is None or paper.unit != entry.unit or paper.erased_at is not None:
        raise Invalid("paper_not_found", errors=[Finding("paper_not_found", pointer="/minutes")])


async def _build_names(work: Work, vote: ListVote, names: Sequence[UUID]) -> list[ListVoteName]:
    """The names of a list; raises ``Invalid`` for nominations that are not of its unit and event."""
    found = {
        row.id: row
        for row, conference in await votes.list_named_nominations(work.session, work.actor, names)
        if (row.unit, conference.congress, conference.tier)
        == (vote.unit, vote.upper_congress, vote.upper_tier)
        and row.state in LIVE_STATES
        and conference.state is not ConferenceState.CANCELLED
    }
    first = {one: n for n, one in reversed([*enumerate(names)])}
    wrong = [
        Finding("list_name_unknown", pointer=f"/names/{n}")
        for n, one in enumerate(names)
        if one not in found or first[one] != n
    ]
    if wrong:
        raise Invalid("list_name_unknown", errors=wrong)
    await _expect_within_limits(work, [found[one] for one in names])
    return [
        ListVoteName(vote=vote.id, position=n, nomination=one, person=found[one].person)
        for n, one in enumerate(names, 1)
    ]


async def _expect_within_limits(work: Work, rows: Sequence[Nomination]) -> None:
    if not rows:
        return
    await load_case(work, rows[0].conference)  # names its seat groups
    own = await quotas.list_quotas(work.session, rows[0].conference, rows[0].unit)
    limits = {
        quota.group: quota.nominee_limit - quota.distributed
        for quota in own
        if is_in_force(quota.source, quota.document)
    }
    expect_within_limits(Counter(row.group for row in rows), limits)


def _check(vote: ListVote, case: Case | None) -> list[Finding]:
    facts = VoteFacts(vote.on, vote.present, vote.in_favour)
    meeting = None if case is None else case.conference.meeting
    return check_vote(facts, meeting, None if case is None else case.tier)


async def _check_for_reader(work: Work, vote: ListVote) -> list[Finding]:
    """What is said of a vote; nothing to those of the upper congress who do not see the conference."""
    try:
        case = await _load_vote_case(work, vote)
    except NotFound:
        return []
    return _check(vote, case)


async def _record(work: Work, act: Act, vote: ListVote, case: Case | None) -> None:
    changes: dict[str, Plain] = {
        "unit": str(vote.unit),
        "upper_congress": vote.upper_congress,
        "upper_tier": vote.upper_tier,
        "on": vote.on.isoformat(),
        "passed": vote.passed,
        "named": vote.named,
    }
    chain = None if case is None else case.chain
    await record_events(work, build_event(work, act, "list_vote", vote.id, changes, plan=chain))
