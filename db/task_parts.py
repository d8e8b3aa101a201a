"""The parts of the statement for tasks: one for each kind of subject, and when its tasks are there."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.allocations import Allocation
from db.conference_steps import ConferenceStep
from db.conferences import Conference
from db.imports import UnitImport
from db.invitations import Invitation, is_visible_invitation
from db.nominations import Nomination, is_visible_nomination
from db.plans import PlanRow, PlanVersion, is_council_in_reach
from db.quotas import Quota, number_state
from db.reach import Condition, has_role_at, is_below_actor, is_own_unit, may_act_for
from db.selections import Selection
from db.sizings import Sizing
from db.task_readers import (
    IS_PLANNED,
    MEETING,
    MEETS,
    PLACE,
    TaskReader,
    build_conference_part,
    build_part,
    get_text,
    is_current,
    is_in_state,
    may_sign,
)
from domain.access import COUNCIL_ROLES, Role
from domain.conferences.life import ConferenceState
from domain.conferences.steps import StepKind
from domain.quotas import QuotaSource
from domain.tasks import STEP_TASKS, TASK_RULES, TaskKind, TaskSubject


def list_parts(reader: TaskReader) -> Iterator[Any]:
    """One part of the statement for each kind of subject that concerns the reader."""
    builders = {
        TaskSubject.PLAN_VERSION: _select_plans,
        TaskSubject.UNIT_IMPORT: _select_imports,
        TaskSubject.SIZING: _select_sizings,
        TaskSubject.ALLOCATION: _select_allocations,
        TaskSubject.QUOTA: _select_quotas,
        TaskSubject.NOMINATION: _select_nominations,
        TaskSubject.INVITATION: _select_invitations,
        TaskSubject.SELECTION: _select_selections,
    }
    for subject, build in builders.items():
        if kinds := reader.choose_kinds(subject):
            yield build(reader, kinds)
    of_all = reader.choose_kinds(TaskSubject.CONFERENCE)
    if of_steps := [kind for kind in of_all if kind in STEP_TASKS.values()]:
        yield _select_steps(reader, of_steps)
    if of_conferences := [kind for kind in of_all if kind not in of_steps]:
        yield _select_conferences(reader, of_conferences)


def _select_plans(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    kind = TaskKind.PUBLISH_PLAN
    ready = and_(
        is_in_state(kind, col(PlanVersion.state)),
        is_council_in_reach(reader.with_scope(kind), col(PlanRow.council)),
        is_current(col(PlanVersion.id), reader.wanted.today),
    )
    told = {"plan": col(PlanVersion.plan), "n": col(PlanVersion.n), "text": col(PlanRow.title)}
    query = build_part(PlanVersion, {kind: ready}, **told).select_from(PlanVersion)
    return query.join(PlanRow, col(PlanRow.id) == col(PlanVersion.plan))


def _select_imports(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    """Files are for whoever sent them."""
    kind = TaskKind.CONFIRM_FILE
    sent = col(UnitImport.created_by) == reader.actor.id
    return build_part(UnitImport, {kind: and_(is_in_state(kind, col(UnitImport.state)), sent)})


def _select_steps(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    """Steps that are not done. A report is asked for when it has met."""
    conditions = {
        kind: and_(
            col(ConferenceStep.kind) == step,
            is_in_state(kind, col(Conference.state)),
            reader.is_theirs(kind, *PLACE),
            _may_vet(reader) if kind is TaskKind.VET_PLAN else col(Conference.id).is_not(None),
        )
        for step, kind in STEP_TASKS.items()
        if kind in kinds
    }
    told = {
        "due": col(ConferenceStep.due),
        "step": col(ConferenceStep.step),
        "text": col(ConferenceStep.name),
        "clause": col(ConferenceStep.clause),
    }
    query = build_conference_part(Conference, conditions, **told)
    query = query.join(ConferenceStep, col(ConferenceStep.conference) == col(Conference.id))
    is_now = col(ConferenceStep.during).op("@>")(reader.wanted.today)
    return query.where(col(ConferenceStep.done_on).is_(None), is_now)


def _may_vet(reader: TaskReader) -> Condition:
    """A unit does not approve its own plan, nor does a program of the whole service approve any."""
    actor = reader.with_scope(TaskKind.VET_PLAN)
    if any(each.role is Role.STANDING_COUNCIL and each.unit is None for each in actor.grants):
        return col(Conference.id).is_not(None)
    return false() if actor.is_service_wide else ~is_own_unit(actor, *PLACE)


def _select_conferences(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    """Names that the plan lets the unit choose, and conferences of which all reports have come."""
    version = aliased(PlanVersion)
    tier = func.jsonb_array_elements(type_coerce(version.body, JSONB)["tiers"]).table_valued("value")
    offered = func.jsonb_array_length(tier.c.value.op("->")("names"))
    several = columns(col(version.id), tier.c.value.op("->>")("id")).select_from(version)
    several = several.join(tier, true()).where(offered > 1)
    open_report = exists().where(
        col(ConferenceStep.conference) == col(Conference.id),
        col(ConferenceStep.kind) == StepKind.REPORT,
        col(ConferenceStep.done_on).is_(None),
    )
    ready = {
        TaskKind.CHOOSE_NAME: and_(
            col(Conference.name).is_(None),
            tuple_(col(Conference.plan_version), col(Conference.tier)).in_(several),
        ),
        TaskKind.CLOSE_CONFERENCE: ~open_report,
    }
    conditions = {
        kind: and_(is_in_state(kind, col(Conference.state)), condition, reader.is_theirs(kind, *PLACE))
        for kind, condition in ready.items()
        if kind in kinds
    }
    has_day = col(Conference.state) == ConferenceState.PLANNED
    told = {"due": case((has_day, MEETS)), "clause": case((has_day, col(MEETING.clause)))}
    return build_conference_part(Conference, conditions, **told)


def _is_asked(reader: TaskReader, kind: TaskKind, row: Any) -> Condition:
    """A version of numbers, of an allocation or of a list, is in a state in which the act is asked for."""
    newer = aliased(row)
    left = exists().where(col(newer.conference) == col(row.conference), col(newer.n) > col(row.n))
    asked = and_(IS_PLANNED, is_in_state(kind, col(row.state)))
    return and_(asked, ~left) if TASK_RULES[kind].newest_only else asked


def _may_decide(reader: TaskReader, kind: TaskKind, row: Any) -> Condition:
    """It is for the reader to propose such a version, or to sign it."""
    if not TASK_RULES[kind].for_every_council:
        return reader.is_theirs(kind, *PLACE)
    return may_sign(reader, kind, col(row.plan_version), col(row.proposed_by), col(row.created_at))


def _select_sizings(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    """Where a unit above decides on the numbers, the unit's own people do not sign them."""
    conditions = {
        kind: and_(_is_asked(reader, kind, Sizing), _may_decide(reader, kind, Sizing)) for kind in kinds
    }
    for kind in {TaskKind.APPROVE_SIZING, TaskKind.ADOPT_SIZING} & conditions.keys():
        actor = reader.with_scope(kind)
        if not actor.is_service_wide:
            above = is_below_actor(actor, *PLACE)
            conditions[kind] = and_(conditions[kind], or_(~col(Sizing.decided_above), above))
    return build_conference_part(Sizing, conditions)


def _select_allocations(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    conditions = {
        kind: and_(_is_asked(reader, kind, Allocation), _may_decide(reader, kind, Allocation))
        for kind in kinds
    }
    return build_conference_part(Allocation, conditions)


def _select_selections(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    """Lists are for the conference's own council and its authority: nobody else sees all of one."""
    conditions = {}
    for kind in kinds:
        councils = reader.with_scope(kind).narrow_to_roles(COUNCIL_ROLES)
        if not TASK_RULES[kind].for_every_council:
            councils = councils.personal_reader
        asked = and_(_is_asked(reader, kind, Selection), has_role_at(councils, *PLACE))
        conditions[kind] = and_(asked, _may_decide(reader, kind, Selection))
    mending = TaskKind.MEND_SELECTION
    if mending in conditions:
        current = is_current(col(Selection.plan_version), reader.wanted.today)
        conditions[mending] = and_(conditions[mending], current)
    return build_conference_part(Selection, conditions)


def _has_adopted_list() -> Condition:
    return exists().where(col(Selection.conference) == col(Conference.id), col(Selection.state) == "adopted")


def _has_place(quota: Any) -> Condition:
    """The unit may name somebody more for its seats."""
    return and_(
        or_(col(quota.source) != QuotaSource.RECEIVED, col(quota.document).is_not(None)),
        col(quota.nominated) + col(quota.distributed) < col(quota.nominee_limit),
    )


def _select_quotas(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    """Quotas from above that wait for a second person, and seats for which nobody is named."""
    conditions = {}
    if (kind := TaskKind.CONFIRM_QUOTA) in kinds:
        since = cast(get_text(Quota.entered, "entered_at"), DateTime(timezone=True))
        by = get_text(Quota.entered, "entered_by")
        signs = may_sign(reader, kind, col(Conference.plan_version), by, since)
        acts = may_act_for(reader.with_scope(kind), col(Conference.congress), col(Quota.unit))
        conditions[kind] = and_(IS_PLANNED, col(Quota.entered).is_not(None), acts, signs)
    open_seats = col(Quota.seats) - col(Quota.nominated) - col(Quota.distributed)
    if (kind := TaskKind.NOMINATE) in kinds:
        conditions[kind] = and_(
            IS_PLANNED,
            _has_place(Quota),
            open_seats > 0,
            ~_has_adopted_list(),
            is_current(col(Conference.plan_version), reader.wanted.today),
            _is_unit_theirs(reader, kind, col(Quota.unit)),
        )
    version = number_state(cast(col(Quota.version), BigInteger), col(Quota.nominated), col(Quota.taken))
    told = {"unit": col(Quota.unit), "n": open_seats, "version": version}
    return build_conference_part(Quota, conditions, **told)


def _is_unit_theirs(reader: TaskReader, kind: TaskKind, unit: Any) -> Condition:
    """It is the reader's own unit that nominates, or one below that may send paper."""
    actor, place = reader.with_scope(kind), (col(Conference.congress), unit)
    return may_act_for(actor, *place) if reader.wanted.below else is_own_unit(actor, *place)


def _select_nominations(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    """Nominees whom a unit has not sent, or got back; and those whom a conference has not decided on."""
    quota = aliased(Quota)
    sends = exists().where(
        col(quota.conference) == col(Nomination.conference),
        col(quota.unit) == col(Nomination.unit),
        col(quota.group) == col(Nomination.group),
        _has_place(quota),
    )
    has_seat = exists().where(
        col(quota.id) == col(Nomination.quota),
        col(quota.taken) + col(quota.distributed) < col(quota.seats),
    )
    conditions = {}
    for kind in kinds:
        actor = reader.with_scope(kind)
        asked = and_(IS_PLANNED, is_in_state(kind, col(Nomination.state)), ~_has_adopted_list())
        if kind is TaskKind.DECIDE_NOMINATION:
            acts = and_(has_seat, reader.is_theirs(kind, *PLACE))
        else:
            own = is_own_unit(actor, col(Conference.congress), col(Nomination.unit))
            paper = and_(
                col(Nomination.source_document).is_not(None),
                _is_unit_theirs(reader, kind, col(Nomination.unit)),
            )
            current = is_current(col(Conference.plan_version), reader.wanted.today)
            acts = and_(sends, current, or_(own, paper))
        conditions[kind] = and_(asked, is_visible_nomination(actor), acts)
    told = {"unit": col(Nomination.unit), "person": col(Nomination.person)}
    return build_conference_part(Nomination, conditions, **told)


def _select_invitations(reader: TaskReader, kinds: Collection[TaskKind]) -> Any:
    conditions = {
        kind: and_(
            IS_PLANNED,
            is_in_state(kind, col(Invitation.reply)),
            is_visible_invitation(reader.with_scope(kind)),
            may_act_for(reader.with_scope(kind), *PLACE),
        )
        for kind in kinds
    }
    return build_conference_part(Invitation, conditions, person=col(Invitation.person))
