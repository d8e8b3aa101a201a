"""Reference lists: open to anyone."""

from tests.client import Client


async def test_a_reference_list_has_codes_with_names(client: Client) -> None:
    names = (await client.http.get("/v1/reference")).json()
    assert "ethnic_groups" in names
    for name in names:
        entries = (await client.http.get(f"/v1/reference/{name}")).json()
        assert entries
        assert all(entry["code"] and entry["vi"] and entry["en"] for entry in entries)
