"""A vote on a list for an upper congress, read by those who do not see the conference that voted."""

from datetime import date
from uuid import UUID

from db.session import Database
from db.votes import ListVote
from domain.access import Actor
from tests.access.world import OWN, A, B
from tests.client import Client
from tests.journeys.scenes import Scene


async def test_the_upper_congress_reads_a_vote_without_the_conference(
    client: Client, database: Database, scene: Scene
) -> None:
    own = scene.facts["ids"][OWN]
    vote = ListVote(
        congress=A,
        unit=UUID(own["unit_id"]),
        own_conference=UUID(own["conference_id"]),
        upper_congress=B,
        upper_tier="bo",
        on=date(2030, 4, 1),
        present=20,
        in_favour=15,
        passed=True,
        named=0,
    )
    path = f"/v1/list_votes/{vote.id}"
    async with database.transaction(Actor.for_command_line()) as session:
        session.add(vote)
    upper = {"Authorization": "Bearer standing_council@bo"}
    await client.get(f"/v1/conferences/{own['conference_id']}", 404, headers=upper)
    read = (await client.get(path, headers=upper)).json()
    assert (read["passed"], read["findings"]) == (True, [])
    own_reader = {"Authorization": "Bearer standing_council@huyen"}
    assert (await client.get(path, headers=own_reader)).json()["findings"] != []
