"""Large apportionments of inputs that are sent: computed as a run, and stored only with the run."""

from collections.abc import Mapping
from typing import Any

from db.columns import new_id
from db.runs import Run, find_earlier_run
from domain.allocations import read_rule
from domain.apportionment import Apportionment, Claims, apportion_seats
from domain.apportionment.certificate import build_certificate
from domain.findings import Plain
from domain.snapshots import compute_digest, plain_fraction, plain_record, read_fraction
from service import runs
from service.work import Work

KIND = "apportionment"
SCHEMA = "apportionment/1"


async def start_apportionment(work: Work, content: Mapping[str, Plain]) -> Run:
    """A run over these inputs, or the actor's earlier one over the same: its answer is the same."""
    earlier = await find_earlier_run(work.session, work.actor, KIND, compute_digest(content))
    if earlier is not None:
        return earlier
    snapshot = await runs.freeze_inputs(work.session, SCHEMA, content)
    return await runs.queue_run(work, kind=KIND, subject=new_id(), snapshot=snapshot)


class ApportionmentRunKind:
    """The kind of run that apportions what was sent."""

    async def load(self, work: Work, run: Run) -> Mapping[str, Any]:
        """The frozen inputs."""
        return await runs.get_snapshot(work.session, run.snapshot)

    def compute(self, loaded: Mapping[str, Any]) -> dict[str, Plain]:
        """Apportion from the frozen inputs alone."""
        ids, weights, floors, caps, bases = zip(*loaded["units"], strict=True)
        exactly = [weight if isinstance(weight, int) else read_fraction(weight) for weight in weights]
        claims = Claims(ids, exactly, floors, caps, bases)
        return plain_apportionment(
            apportion_seats(loaded["seats"], claims, read_rule(loaded["rule"]), lots=loaded["lots"])
        )

    async def store(self, work: Work, run: Run, answer: dict[str, Plain]) -> None:
        """Store the answer with its run."""
        run.answer = answer
        work.session.add(run)
        await work.session.flush()

    async def fail(self, work: Work, run: Run) -> None:
        """Do nothing: no other row waits, and the run has the reason."""


def plain_apportionment(answer: Apportionment) -> dict[str, Plain]:
    """An apportionment as plain data."""
    tie = answer.tie
    return {
        "status": answer.status,
        "method": str(answer.rule.method),
        "seats": answer.house,
        "units": [
            {"id": each.id, "seats": each.seats, "quota": plain_fraction(each.quota), "bound": each.bound}
            for each in answer.awards
        ],
        "tie": None if tie is None else {"ids": list(tie.ids), "places": tie.places, "digest": tie.digest},
        "repair": None if answer.repair is None else plain_record(answer.repair),
        "certificate": build_certificate(answer) if answer.status == "decided" else None,
    }
