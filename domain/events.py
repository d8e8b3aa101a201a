"""The feed of events: what is told of the acts under a plan, as they happen, and to whom.

An event names an act and its subject and nothing else: what the act changed is read from the subject, within
the reader's reach. Nothing is told of drafts, of computations, or of the data of people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.access import Access
from domain.acts import Act


class EventSubject(StrEnum):
    """The kind of subject that an event is about."""

    PLAN = "plan"
    UNIT = "unit"
    CONFERENCE = "conference"
    QUOTA = "quota"
    ALLOCATION = "allocation"
    SELECTION = "selection"
    NOMINATION = "nomination"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class FeedActs:
    """What is told of one kind of subject, to those who may read the subject when they ask.

    ``access`` is the scope with which the subject is read. The acts of ``preparing`` lead to an adoption:
    they are told only to those who may read versions that are not adopted.
    """

    access: Access
    acts: frozenset[Act]
    preparing: frozenset[Act] = frozenset()


FEED_ACTS: Mapping[EventSubject, FeedActs] = {
    EventSubject.PLAN: FeedActs(Access.PLANS_READ, frozenset({Act.PLAN_PUBLISHED})),
    EventSubject.UNIT: FeedActs(
        Access.UNITS_READ, frozenset({Act.UNIT_RENAMED, Act.UNIT_MOVED, Act.UNIT_CLOSED})
    ),
    EventSubject.CONFERENCE: FeedActs(
        Access.CONFERENCES_READ,
        frozenset(
            {
                Act.CONFERENCE_OPENED,
                Act.CONFERENCE_HELD,
                Act.MEETING_CORRECTED,
                Act.CONFERENCE_CANCELLED,
            }
        ),
    ),
    EventSubject.QUOTA: FeedActs(
        Access.CONFERENCES_READ,
        frozenset(
            {
                Act.QUOTA_RECEIVED,
                Act.QUOTA_REPLACED,
                Act.QUOTA_CONFIRMED,
                Act.QUOTA_WITHDRAWN,
                Act.QUOTA_DISTRIBUTED,
            }
        ),
    ),
    EventSubject.ALLOCATION: FeedActs(
        Access.ALLOCATIONS_READ,
        frozenset({Act.ALLOCATION_ADOPTED}),
        preparing=frozenset(
            {
                Act.ALLOCATION_PROPOSED,
                Act.ALLOCATION_APPROVED,
                Act.ALLOCATION_WITHDRAWN,
                Act.LOT_ANNOUNCED,
                Act.TIE_SETTLED,
            }
        ),
    ),
    EventSubject.SELECTION: FeedActs(
        Access.SELECTIONS_READ,
        frozenset({Act.SELECTION_ADOPTED, Act.SELECTION_REASONS_RELEASED}),
        preparing=frozenset(
            {
                Act.SELECTION_PROPOSED,
                Act.SELECTION_APPROVED,
                Act.SELECTION_WITHDRAWN,
                Act.LOT_ANNOUNCED,
                Act.SELECTION_LOT_DRAWN,
            }
        ),
    ),
    EventSubject.NOMINATION: FeedActs(
        Access.NOMINATIONS_READ,
        frozenset(
            {
                Act.NOMINATION_SUBMITTED,
                Act.NOMINATION_ACCEPTED,
                Act.NOMINATION_RETURNED,
                Act.NOMINATION_WITHDRAWN,
            }
        ),
    ),
    EventSubject.INVITATION: FeedActs(
        Access.NOMINATIONS_READ,
        frozenset(
            {
                Act.INVITATION_LISTED,
                Act.INVITATION_INVITED,
                Act.INVITATION_ACCEPTED,
                Act.INVITATION_DECLINED,
                Act.INVITATION_REMOVED,
            }
        ),
    ),
}
"""What is told of each kind of subject; ``is_feed_act`` in ``migrations/sql/events.sql`` has the same."""


def belongs_in_feed(subject: EventSubject, act: Act, *, reads_unadopted: bool) -> bool:
    """Whether an act is told to a reader of its subject.

    ``reads_unadopted``: whether the reader may read versions of the subject that are not adopted.
    """
    told = FEED_ACTS[subject]
    return act in told.acts or (reads_unadopted and act in told.preparing)
