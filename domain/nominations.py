"""Nominations: their states from draft to accepted, and the plan's conditions for a nominee."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Self

from domain.findings import Conflict, Finding, Invalid, Plain, Severity, TooMany
from domain.honours import is_named_by
from domain.plans import Eligibility, SeatGroup
from domain.snapshots import plain_record


class NominationState(StrEnum):
    """The state of a nomination."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


LIVE_STATES = (NominationState.DRAFT, NominationState.SUBMITTED, NominationState.ACCEPTED)
"""The states in which a nomination counts on its unit's list."""

SENT_STATES = (NominationState.SUBMITTED, NominationState.ACCEPTED)
"""The states in which the conference to which a nomination was sent counts it; a draft is its unit's own."""


def choose_counted_states(*, own: bool, has_list: bool) -> tuple[NominationState, ...]:
    """The states of the nominations that count for a reader.

    Drafts count for the unit whose ``own`` they are, and for nobody else. Once the conference ``has_list``,
    those who have a seat count, and no other nominee.
    """
    if has_list:
        return (NominationState.ACCEPTED,)
    return LIVE_STATES if own else SENT_STATES


NominationAct = Literal[
    "change", "submit", "accept", "return", "withdraw", "represent", "rise", "seat", "unseat"
]

STATE_TRANSITIONS: dict[NominationAct, dict[NominationState, NominationState]] = {
    "change": {
        NominationState.DRAFT: NominationState.DRAFT,
        NominationState.RETURNED: NominationState.RETURNED,
    },
    "submit": {
        NominationState.DRAFT: NominationState.SUBMITTED,
        NominationState.RETURNED: NominationState.SUBMITTED,
    },
    "rise": {NominationState.DRAFT: NominationState.DRAFT},
    "accept": {NominationState.SUBMITTED: NominationState.ACCEPTED},
    "return": {
        NominationState.SUBMITTED: NominationState.RETURNED,
        NominationState.ACCEPTED: NominationState.RETURNED,
    },
    "withdraw": {
        NominationState.DRAFT: NominationState.WITHDRAWN,
        NominationState.SUBMITTED: NominationState.WITHDRAWN,
        NominationState.RETURNED: NominationState.WITHDRAWN,
        NominationState.ACCEPTED: NominationState.WITHDRAWN,
    },
    "seat": {
        NominationState.SUBMITTED: NominationState.ACCEPTED,
        NominationState.ACCEPTED: NominationState.ACCEPTED,
    },
    "unseat": {NominationState.ACCEPTED: NominationState.SUBMITTED},
    "represent": {each: each for each in NominationState if each is not NominationState.WITHDRAWN},
}
"""Act → state before → state after. ``seat`` and ``unseat`` are done by the adoption of a list."""


class InvitationReply(StrEnum):
    """The state of an entry on the organiser's list."""

    LISTED = "listed"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


REPLY_TRANSITIONS: dict[InvitationReply, tuple[InvitationReply, ...]] = {
    InvitationReply.LISTED: (InvitationReply.INVITED, InvitationReply.REMOVED),
    InvitationReply.INVITED: (InvitationReply.ACCEPTED, InvitationReply.DECLINED, InvitationReply.REMOVED),
    InvitationReply.ACCEPTED: (InvitationReply.DECLINED,),
    InvitationReply.DECLINED: (InvitationReply.ACCEPTED, InvitationReply.INVITED),
    InvitationReply.REMOVED: (),
}
"""Reply on the organiser's list → the replies that may follow. Invited people may change their reply. A
person listed by mistake is removed, with the reason."""

VACATING_REPLIES = (InvitationReply.DECLINED, InvitationReply.REMOVED)
"""The replies that leave a seat free."""


class HonourKind(StrEnum):
    """What an honour is."""

    TITLE = "title"
    AWARD = "award"


class HonourHolder(StrEnum):
    """Whose an honour is."""

    PERSON = "person"
    COLLECTIVE = "collective"


@dataclass(frozen=True, slots=True)
class Honour:
    """A title or an award with its year; ``held_by`` says whether it is the person's or the collective's.

    ``authority`` is who decided it, and ``honoured_at`` the plan's tier at whose conference it was given, if
    it was given at one.
    """

    name: str
    year: int
    kind: HonourKind = HonourKind.TITLE
    held_by: HonourHolder = HonourHolder.PERSON
    authority: str | None = None
    honoured_at: str | None = None

    def plain(self) -> dict[str, Plain]:
        """The honour as plain JSON."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The honour that ``plain`` wrote."""
        kind, held_by = HonourKind(plain["kind"]), HonourHolder(plain["held_by"])
        where = plain.get("authority"), plain.get("honoured_at")
        return cls(plain["name"], plain["year"], kind, held_by, *where)


MOST_DRAFTS_OF_UNIT = 500
"""How many nominations a unit may enter within 24 hours in one congress: more than any list has names."""


@dataclass(frozen=True, slots=True)
class UnitDrafts:
    """The nominations that a unit has entered within 24 hours in one congress, and for how many seconds the
    oldest of them still counts."""

    drafts: int
    seconds: int = 0

    def expect_room(self) -> None:
        """Raise ``TooMany`` where one more would be too many."""
        if self.drafts >= MOST_DRAFTS_OF_UNIT:
            raise TooMany("unit_drafts_new", {"most": MOST_DRAFTS_OF_UNIT}, seconds=max(1, self.seconds))


def derive_next_state(act: NominationAct, state: NominationState) -> NominationState:
    """The state after an act; raises :class:`Conflict` if the state does not allow it."""
    try:
        return STATE_TRANSITIONS[act][state]
    except KeyError:
        raise Conflict("nomination_state", {"state": state, "act": act}) from None


def check_nominee(group: SeatGroup, honours: Sequence[Honour]) -> list[Finding]:
    """Findings about a nominee of a seat group: missing or doubtful facts. None of them is a refusal."""
    found = []
    conditions = [each for each in group.eligibility if each.is_about_honours]
    if conditions and not any(_is_condition_met(honour, each) for honour in honours for each in conditions):
        params: dict[str, Plain] = {"group": group.id, "conditions": [each.text for each in conditions]}
        clause = conditions[0].clause or group.clause
        found.append(Finding("eligibility_not_shown", params, "/honours", clause, Severity.WARNING))
    return [*found, *_list_sensitive_conditions(group)]


def check_other_congresses(congresses: Sequence[str]) -> list[Finding]:
    """What is said of somebody who was sent to other ``congresses`` too, where a person goes to one only."""
    if not congresses:
        return []
    params: dict[str, Plain] = {"congresses": sorted({*congresses})}
    return [Finding("sent_to_two_congresses", params, severity=Severity.WARNING)]


def _list_sensitive_conditions(group: SeatGroup) -> list[Finding]:
    """The conditions that are told and never stored, such as health, which is sensitive."""
    return [
        Finding("eligibility_told", {"condition": each.text}, clause=each.clause, severity=Severity.INFO)
        for each in group.eligibility
        if not each.is_about_honours
    ]


def merge_honours(stated: Sequence[Honour], given: Iterable[Honour]) -> tuple[Honour, ...]:
    """The honours that are ``stated`` of a nominee, and those ``given`` at conferences: of one that is both,
    what the conference says of it counts."""
    found = {(each.name, each.year, each.kind, each.held_by): each for each in stated}
    found |= {(each.name, each.year, each.kind, each.held_by): each for each in given}
    return tuple(found.values())


def expect_one_holder(person: object | None, stated: object | None, collective: object | None) -> None:
    """Raise :class:`Invalid` unless exactly one is honoured: somebody known, somebody new, or a
    collective."""
    if [person, stated, collective].count(None) != 2:
        raise Invalid("exemplar_once", errors=[Finding("exemplar_once", {}, "/person")])


def expect_known_tiers(honours: Iterable[Honour], tiers: Sequence[str]) -> None:
    """Raise :class:`Invalid` for an honour given at a conference of a tier that the plan does not have."""
    params: dict[str, Plain] = {"tiers": [*tiers]}
    errors = [
        Finding("tier_unknown", params, f"/honours/{n}/honoured_at")
        for n, each in enumerate(honours)
        if each.honoured_at is not None and each.honoured_at not in tiers
    ]
    if errors:
        raise Invalid("tier_unknown", params, errors=errors)


def choose_seat_group(groups: Iterable[SeatGroup], name: str) -> SeatGroup:
    """The seat group of that name, to which units nominate; raises :class:`Invalid` if there is none."""
    group = next((group for group in groups if group.id == name), None)
    if group is None:
        raise Invalid("group_unknown", errors=[Finding("group_unknown", {}, "/group")])
    if group.filled_by != "units":
        finding = Finding("group_not_filled_by_units", {"filled_by": group.filled_by}, "/group")
        raise Invalid("group_not_filled_by_units", errors=[finding])
    return group


def expect_one_person(person: object | None, stated: object | None) -> None:
    """Raise :class:`Invalid` unless exactly one is given: somebody known, or somebody new."""
    if (person is None) == (stated is None):
        raise Invalid("person_once", errors=[Finding("person_once", {}, "/person")])


def check_ranks(ranks: Iterable[tuple[str, int | None]]) -> list[Finding]:
    """Findings about (seat group, rank) pairs of one unit's list: a rank that was given twice in a group."""
    given = [(group, rank) for group, rank in ranks if rank is not None]
    return [
        Finding("rank_given_twice", {"group": group, "rank": rank}, severity=Severity.WARNING)
        for group, rank in sorted({place for place in given if given.count(place) > 1})
    ]


def expect_reply(reply: InvitationReply, wanted: InvitationReply) -> None:
    """Raise :class:`Conflict` unless the reply ``wanted`` may follow the present one."""
    if wanted not in REPLY_TRANSITIONS[reply]:
        raise Conflict("invitation_reply", {"reply": reply, "wanted": wanted})


def expect_possible_reply(reply: InvitationReply, day: date, reason: str | None, today: date) -> None:
    """Nothing is recorded before it happens, and nobody is taken off a list without a reason."""
    errors = []
    if day > today:
        errors.append(Finding("day_in_future", pointer="/on"))
    if reply is InvitationReply.REMOVED and reason is None:
        errors.append(Finding("reason_missing", pointer="/reason"))
    if errors:
        raise Invalid(errors[0].code, errors=errors)


def _is_condition_met(honour: Honour, condition: Eligibility) -> bool:
    names = condition.titles if honour.kind is HonourKind.TITLE else condition.awards
    is_any = not (condition.titles or condition.awards)
    is_right_place = not condition.honoured_at or honour.honoured_at in condition.honoured_at
    is_right_holder = condition.held_by in ("either", honour.held_by)
    is_recent = condition.since is None or honour.year >= condition.since
    is_right_name = is_any or any(is_named_by(honour.name, name) for name in names)
    return is_right_holder and is_recent and is_right_place and is_right_name
