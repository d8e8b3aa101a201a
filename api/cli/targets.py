"""Commands for composition targets that were split over units."""

import typer

from api.cli.commands import run_act
from service.allocations.recomputation import WrongTarget, list_wrong_targets
from service.work import Work

app = typer.Typer(no_args_is_help=True, help="Composition targets that were split over units.")


@app.callback()
def describe_targets() -> None:
    """Composition targets that were split over units."""


@app.command("verify")
def verify_targets() -> None:
    """Split the targets of all adopted allocations again, and print the parts that were computed wrongly.

    Each line has the conference, the allocation, the unit, the target, the adopted share and seats, and the
    right ones ("-" where there are none). Nothing is changed. The exit status is 1 if any part is wrong.
    """

    async def act(work: Work) -> list[WrongTarget]:
        return [each async for each in list_wrong_targets(work)]

    found = run_act(act, with_vault=False)
    for each in found:
        right = ["-" if part is None else str(part) for part in (each.right_share, each.right_seats)]
        adopted = [str(each.fair_share), str(each.seats)]
        place = [str(each.conference), str(each.allocation), each.unit, each.target]
        typer.echo(" ".join([*place, *adopted, *right]))
    if found:
        raise typer.Exit(1)
