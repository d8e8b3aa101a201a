"""The terms of one unit's conference by a plan: form, name, size, days, seats, and contradictions."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from domain.calendar import Window
from domain.conferences.deadlines import DueTerms, derive_due_terms, list_deadlines
from domain.findings import Finding, Invalid, Plain, Severity
from domain.plans.contradictions import check_deadline, check_tier
from domain.plans.plan import AgendaItem, Committee, Plan, Presidium, ReportPart
from domain.plans.seats import SeatGroup, Target, Ties
from domain.plans.tiers import Form, Length, Mix, NumberRule, Threshold, Tier
from domain.snapshots import plain_record

INFO, WARNING = Severity.INFO, Severity.WARNING

STAFF_MEASURE = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """The facts about a unit that a plan's rules use.

    An unreported ``staff`` is None: unknown, never zero. ``figures`` are other measures that a threshold may
    use: dotted name → figure. ``superior`` is the name of the unit above; ``ordinal`` says which of the
    unit's conferences it is, as it is written on the stage.
    """

    code: str
    kind: str
    name: str
    staff: int | None = None
    pilot: bool = False
    figures: Mapping[str, int] = field(default_factory=dict)
    superior: str | None = None
    ordinal: str | None = None

    def find_figure(self, measure: str) -> int | None:
        """The unit's figure of a measure, None when unknown."""
        return self.staff if measure == STAFF_MEASURE else self.figures.get(measure)

    def keep_figure(self, measure: str) -> Self:
        """The facts with the figure of this measure, beside the staff, and no other one."""
        return replace(self, figures={name: n for name, n in self.figures.items() if name == measure})

    def plain(self) -> dict[str, Plain]:
        """The facts as plain data, as a conference stores them."""
        return plain_record(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        return cls(**plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixTerms:
    """The mix of exemplars and guests for one conference.

    ``binding``: whether the mix applies to this form. ``size`` is the number of delegates: the decided one,
    else the cap, or for a plenary the staff with the guests. ``exemplars`` are the fewest and the most
    exemplars at that size. Both are None while the size is unknown.
    """

    mix: Mix
    binding: bool
    size: int | None
    exemplars: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceTerms:
    """Everything that a plan decides about one unit's conference.

    ``name`` is None while the unit has to choose among ``names``. ``cap`` is None where the plan sets none
    for this form. ``findings`` are contradictions and gaps, each with its clause.
    """

    tier: str
    congresses: tuple[str, ...]
    unit: UnitFacts
    form: Form
    pilot: bool
    name: str | None
    names: tuple[str, ...]
    title: tuple[str, ...]
    cap: int | None
    mix: MixTerms | None
    window: Window | None
    length: Length | None
    deadlines: tuple[DueTerms, ...]
    numbers: tuple[NumberRule, ...]
    seat_groups: tuple[SeatGroup, ...]
    targets: tuple[Target, ...]
    ties: Ties
    presidium: Presidium | None
    committees: tuple[Committee, ...]
    agenda: tuple[AgendaItem, ...]
    report: tuple[ReportPart, ...]
    findings: tuple[Finding, ...]


def derive_terms(
    plan: Plan,
    tier_id: str,
    unit: UnitFacts,
    *,
    chosen: str | None = None,
    held: dt.date | None = None,
    size: int | None = None,
    form: Form | None = None,
    promised: dt.date | None = None,
) -> ConferenceTerms:
    """The terms of ``unit``'s conference at a tier.

    ``chosen`` is the id of the name that the unit chose if the plan offers several, and ``form`` the one that
    was chosen, which holds where the plan leaves the form open. ``held`` is the day on which the conference
    ended; deadlines that count from it depend on it. ``size`` is its decided number of delegates, and
    ``promised`` the day for which the unit's own plan promises its report. Raises :class:`Invalid` for a tier
    or a name that the plan does not have; every other problem is returned as a finding.
    """
    tier = plan.find_tier(tier_id)
    if tier is None:
        raise Invalid("tier_unknown", {"tiers": [each.id for each in plan.tiers]})
    pilot = is_pilot_unit(plan, tier, unit)
    derived = derive_form(tier, unit)
    form = form if form is not None and derived is Form.UNDECIDED else derived
    window = _derive_window(plan, tier, pilot=pilot)
    terms = ConferenceTerms(
        tier=tier.id,
        congresses=tier.congresses,
        unit=unit,
        form=form,
        pilot=pilot,
        name=_derive_name(tier, unit, chosen),
        names=tuple(_fill_unit_name(each.name, unit) for each in tier.names),
        title=_derive_title(plan, tier, unit),
        cap=_derive_cap(tier, form),
        mix=_derive_mix(tier, unit, form, size),
        window=window,
        length=tier.length,
        deadlines=tuple(
            derive_due_terms(plan, each, held, promised) for each in list_deadlines(plan, tier, pilot=pilot)
        ),
        numbers=tier.numbers,
        seat_groups=tier.seat_groups,
        targets=tier.targets,
        ties=plan.choose_tie_rule(tier),
        presidium=plan.presidium,
        committees=tuple(each for each in plan.committees if not each.tiers or tier.id in each.tiers),
        agenda=plan.agenda,
        report=plan.report,
        findings=(),
    )
    return replace(terms, findings=tuple(_check_terms(plan, tier, terms)))


def choose_day(plan: Plan, tier: Tier, today: dt.date) -> dt.date:
    """The day whose units and figures count for a conference unless another one is given."""
    return (tier.window.start if tier.window else plan.date) or today


def is_pilot_unit(plan: Plan, tier: Tier, unit: UnitFacts) -> bool:
    """Whether the unit is a pilot: the plan names it at this tier, or its record says that it was chosen."""
    named = plan.pilots.units if plan.pilots else ()
    return unit.pilot or any(each.unit == unit.code and each.tier == tier.id for each in named)


def derive_form(tier: Tier, unit: UnitFacts) -> Form:
    """``plenary``, ``delegate``, or ``undecided`` if the plan has no rule or the figure is unknown."""
    attendance = tier.attendance
    if attendance is None:
        return Form.UNDECIDED
    if attendance.threshold is None:
        return Form(attendance.form or Form.UNDECIDED)
    figure = unit.find_figure(get_attendance_measure(tier))
    return Form.UNDECIDED if figure is None else attendance.threshold.derive_form(figure)


def get_attendance_measure(tier: Tier) -> str:
    """The measure of those who meet in a plenary: the one that the threshold counts, else the staff."""
    threshold = tier.attendance.threshold if tier.attendance else None
    return STAFF_MEASURE if threshold is None else threshold.measure


def _fill_unit_name(text: str, unit: UnitFacts) -> str:
    return text.replace("{unit}", unit.name)


def _derive_title(plan: Plan, tier: Tier, unit: UnitFacts) -> tuple[str, ...]:
    """The lines on the stage; what is not known of them is "…"."""
    lines = tier.title.lines if tier.title else ()
    filling = {"{superior}": unit.superior, "{ordinal}": _find_ordinal(plan, tier, unit)}
    for name, text in filling.items():
        lines = tuple(line.replace(name, text or "…") for line in lines)
    return tuple(_fill_unit_name(line, unit) for line in lines)


def _find_ordinal(plan: Plan, tier: Tier, unit: UnitFacts) -> str | None:
    """The ordinal that the unit stated, or that the plan gives its congress."""
    own = (each.ordinal for each in plan.congresses if each.id in tier.congresses and each.unit == unit.code)
    return unit.ordinal or next(own, None)


def _check_title(plan: Plan, tier: Tier, unit: UnitFacts) -> Iterator[Finding]:
    lines = " ".join(tier.title.lines) if tier.title else ""
    clause = tier.title.clause if tier.title else None
    if "{ordinal}" in lines and _find_ordinal(plan, tier, unit) is None:
        yield Finding("ordinal_to_state", {"unit": unit.code}, clause=clause, severity=WARNING)
    if "{superior}" in lines and unit.superior is None:
        yield Finding("superior_unknown", {"unit": unit.code}, clause=clause, severity=WARNING)


def _derive_name(tier: Tier, unit: UnitFacts, chosen: str | None) -> str | None:
    if chosen is not None:
        name = next((each for each in tier.names if each.id == chosen), None)
        if name is None:
            offered: list[Plain] = [each.id for each in tier.names]
            raise Invalid("name_not_offered", {"tier": tier.id, "tier_name": tier.name, "names": offered})
        return _fill_unit_name(name.name, unit)
    return _fill_unit_name(tier.names[0].name, unit) if len(tier.names) == 1 else None


def _derive_cap(tier: Tier, form: Form) -> int | None:
    return tier.cap.number if tier.cap and form in tier.cap.forms else None


def _derive_mix(tier: Tier, unit: UnitFacts, form: Form, decided: int | None) -> MixTerms | None:
    if tier.mix is None:
        return None
    size = _derive_cap(tier, form) if decided is None else decided
    people = unit.find_figure(get_attendance_measure(tier))
    if form is Form.PLENARY and people is not None:
        size = people + tier.mix.compute_guests(people)
    range_ = None if size is None else tier.mix.compute_exemplar_range(size)
    return MixTerms(mix=tier.mix, binding=form in tier.mix.binds, size=size, exemplars=range_)


def _derive_window(plan: Plan, tier: Tier, *, pilot: bool) -> Window | None:
    if pilot and plan.pilots and plan.pilots.window:
        return plan.pilots.window
    return tier.window


def _check_terms(plan: Plan, tier: Tier, terms: ConferenceTerms) -> Iterator[Finding]:
    if not tier.has_unit(terms.unit.code, terms.unit.kind):
        params: dict[str, Plain] = {
            "unit": terms.unit.code,
            "name": terms.unit.name,
            "kind": terms.unit.kind,
            "tier": tier.id,
            "tier_name": tier.name,
        }
        yield Finding("unit_not_of_tier", params, clause=tier.clause)
    if terms.name is None and terms.names:
        choice: dict[str, Plain] = {"names": list(terms.names)}
        yield Finding("name_to_choose", choice, clause=tier.names[0].clause, severity=INFO)
    yield from _check_title(plan, tier, terms.unit)
    yield from _check_form(tier, terms)
    yield from _check_mix(tier, terms)
    yield from _check_pilot(plan, tier, terms)
    yield from check_tier(plan, tier)
    for deadline in list_deadlines(plan, tier, pilot=terms.pilot):
        yield from check_deadline(plan, deadline)


def _check_form(tier: Tier, terms: ConferenceTerms) -> Iterator[Finding]:
    threshold = tier.attendance.threshold if tier.attendance else None
    if threshold is None:
        return
    staff = terms.unit.find_figure(threshold.measure)
    params: dict[str, Plain] = {"number": threshold.number, "form": terms.form}
    if staff is None:
        yield _build_figure_unknown(threshold, {**params, "unit": terms.unit.code})
        return
    if staff == threshold.number and threshold.is_silent and threshold.exactly in {None, Form.UNDECIDED}:
        yield Finding("exactly_at_threshold", params, clause=threshold.clause, severity=WARNING)
    if terms.form is Form.PLENARY and terms.cap is None:
        yield Finding("plenary_without_cap", {"staff": staff}, clause=threshold.clause, severity=INFO)
        if tier.cap and staff > tier.cap.number:
            above: dict[str, Plain] = {"staff": staff, "cap": tier.cap.number}
            yield Finding("plenary_above_delegate_cap", above, clause=tier.cap.clause, severity=WARNING)


def _build_figure_unknown(threshold: Threshold, params: dict[str, Plain]) -> Finding:
    if threshold.measure == STAFF_MEASURE:
        return Finding("staff_unknown", params, clause=threshold.clause, severity=WARNING)
    params = {**params, "measure": threshold.measure}
    return Finding("threshold_figure_unknown", params, clause=threshold.clause, severity=WARNING)


def _check_mix(tier: Tier, terms: ConferenceTerms) -> Iterator[Finding]:
    if terms.mix is None:
        return
    mix, clause = terms.mix.mix, terms.mix.mix.clause
    if terms.form is not Form.UNDECIDED and not terms.mix.binding:
        yield Finding("mix_not_binding", {"form": terms.form}, clause=clause, severity=INFO)
        return
    people = terms.unit.find_figure(get_attendance_measure(tier))
    if terms.form is Form.PLENARY and people:
        params: dict[str, Plain] = {"staff": people, "outsiders": mix.compute_guests(people)}
        yield Finding("plenary_mix_needs_outsiders", params, clause=clause, severity=WARNING)
    size = terms.mix.size
    if size is not None and not mix.approximate and not mix.is_whole(size):
        least, most = mix.compute_exemplar_range(size)
        literal: dict[str, Plain] = {"total": size, "least": least, "most": most}
        yield Finding("mix_not_whole", literal, clause=clause, severity=WARNING)


def _check_pilot(plan: Plan, tier: Tier, terms: ConferenceTerms) -> Iterator[Finding]:
    pilots = plan.pilots
    if not terms.pilot or pilots is None:
        return
    if pilots.units and terms.unit.code not in {each.unit for each in pilots.units}:
        params: dict[str, Plain] = {"unit": terms.unit.code}
        yield Finding("pilot_not_named", params, clause=pilots.clause, severity=WARNING)
    if pilots.window and tier.window and not pilots.window.is_before(tier.window):
        late: dict[str, Plain] = {"unit": terms.unit.code, "tier": tier.id}
        yield Finding("pilot_not_earlier", late, clause=pilots.window.clause, severity=INFO)
    if pilots.peers_invited and tier.mix:
        yield Finding(
            "peers_take_guest_places", {"tier": tier.id}, clause=pilots.peers_clause, severity=WARNING
        )
