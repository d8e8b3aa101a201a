"""Proceedings: who chaired a conference, what of its agenda was done, who was commended, which peers came.

What happened is never refused. Where it is not as the plan has it, it is told as a warning; what departs from
the plan, and not only from an "about" of it, needs a reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from domain.conferences.places import check_places
from domain.conferences.terms import ConferenceTerms
from domain.findings import Finding, Plain, Severity
from domain.plans.plan import Commendation, Plan
from domain.snapshots import plain_record

WARNING = Severity.WARNING


@dataclass(frozen=True, slots=True)
class MemberCount:
    """How many people of one kind sat in the presidium. ``number`` is the place of the kind among those that
    the plan names, from 1."""

    number: int
    people: int


@dataclass(frozen=True, slots=True)
class PresidiumRecord:
    """How many people chaired a conference, and of which kinds; somebody may be of several kinds."""

    people: int
    members: tuple[MemberCount, ...] = ()


@dataclass(frozen=True, slots=True)
class CommendationRecord:
    """How many commendations were proposed and given, and by whose competence: by the plan's rule of that
    ``number``, from 1, or else by another ``organ``."""

    number: int | None = None
    organ: str | None = None
    proposed: int | None = None
    given: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceedings:
    """What happened at a conference; what nobody stated is ``None``.

    ``agenda`` are the items that were done, by their places in the plan's agenda, from 1. ``peers`` are the
    units of the same tier that were invited to learn from a pilot.
    """

    presidium: PresidiumRecord | None = None
    agenda: tuple[int, ...] | None = None
    commendations: tuple[CommendationRecord, ...] | None = None
    peers: tuple[str, ...] | None = None

    def plain(self) -> dict[str, Plain]:
        """The proceedings as plain JSON."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        presidium, agenda, given, peers = (
            plain[name] for name in ("presidium", "agenda", "commendations", "peers")
        )
        return cls(
            presidium=presidium and _read_presidium(presidium),
            agenda=None if agenda is None else tuple(agenda),
            commendations=None if given is None else tuple(CommendationRecord(**each) for each in given),
            peers=None if peers is None else tuple(peers),
        )


def _read_presidium(plain: Mapping[str, Any]) -> PresidiumRecord:
    return PresidiumRecord(plain["people"], tuple(MemberCount(**each) for each in plain["members"]))


def check_proceedings_facts(plan: Plan, terms: ConferenceTerms, told: Proceedings) -> Iterator[Finding]:
    """What cannot be true: a place that the plan does not have, one that is given twice, more people of one
    kind than the presidium has, a commendation without anybody who gave it."""
    if told.presidium is not None:
        known = len(terms.presidium.members) if terms.presidium else 0
        numbers = [each.number for each in told.presidium.members]
        yield from check_places(numbers, known, "/proceedings/presidium/members", "/number")
        for position, each in enumerate(told.presidium.members):
            if each.people > told.presidium.people:
                params: dict[str, Plain] = {"people": each.people, "presidium": told.presidium.people}
                pointer = f"/proceedings/presidium/members/{position}/people"
                yield Finding("presidium_disagrees", params, pointer)
    yield from check_places(told.agenda or (), len(terms.agenda), "/proceedings/agenda")
    commendations = told.commendations or ()
    ruled = [each.number for each in commendations]
    yield from check_places(ruled, len(plan.commendation), "/proceedings/commendations", "/number")
    for position, given in enumerate(commendations):
        if (given.number is None) == (given.organ is None):
            yield Finding("commendation_needs_organ", pointer=f"/proceedings/commendations/{position}")


def list_departures(plan: Plan, terms: ConferenceTerms, told: Proceedings | None) -> list[Finding]:
    """Where the proceedings depart from the plan, so that a reason is needed."""
    return [each for each in compare_proceedings(plan, terms, told) if each.code in _NEED_REASON]


_NEED_REASON = frozenset(
    {
        "presidium_off_number",
        "presidium_lacks_member",
        "agenda_item_left_out",
        "commended_by_other_organ",
        "peers_not_invited",
    }
)


def compare_proceedings(plan: Plan, terms: ConferenceTerms, told: Proceedings | None) -> Iterator[Finding]:
    """Where the proceedings are not as the plan has it, as warnings."""
    if told is None:
        return
    if told.presidium is not None:
        yield from _compare_presidium(terms, told.presidium)
    if told.agenda is not None:
        for number, item in enumerate(terms.agenda, start=1):
            if number not in told.agenda:
                params: dict[str, Plain] = {"item": item.text}
                yield Finding("agenda_item_left_out", params, clause=item.clause, severity=WARNING)
    for each in told.commendations or ():
        yield from _compare_commendation(plan.commendation, each)
    pilots = plan.pilots
    if terms.pilot and pilots and pilots.peers_invited and told.peers == ():
        yield Finding("peers_not_invited", clause=pilots.peers_clause, severity=WARNING)


def _compare_presidium(terms: ConferenceTerms, told: PresidiumRecord) -> Iterator[Finding]:
    planned = terms.presidium
    if planned is None:
        return
    if not planned.least <= told.people <= planned.most:
        params: dict[str, Plain] = {"people": told.people, "least": planned.least, "most": planned.most}
        code = "presidium_off_approximate_number" if planned.approximate else "presidium_off_number"
        yield Finding(code, params, clause=planned.clause, severity=WARNING)
    present = {each.number for each in told.members if each.people}
    if told.members:
        for number, member in enumerate(planned.members, start=1):
            if number not in present:
                clause = planned.members_clause or planned.clause
                yield Finding("presidium_lacks_member", {"member": member}, clause=clause, severity=WARNING)


def _compare_commendation(rules: Sequence[Commendation], told: CommendationRecord) -> Iterator[Finding]:
    if rules and told.organ is not None:
        params: dict[str, Plain] = {"organ": told.organ, "organs": [each.decided_by for each in rules]}
        yield Finding("commended_by_other_organ", params, clause=rules[0].clause, severity=WARNING)
    if told.given is not None and told.proposed is not None and told.given > told.proposed:
        beyond: dict[str, Plain] = {"given": told.given, "proposed": told.proposed}
        yield Finding("commended_beyond_proposal", beyond, severity=WARNING)
