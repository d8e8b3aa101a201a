"""Reference lists over HTTP: open to anyone."""

from pydantic import Field

from api.http.routes import Router
from api.http.types import Answer, Code
from domain.access import Access
from service import reference
from service.reference import ReferenceEntry

router = Router(prefix="/reference", tags=["reference"])


class EntryAnswer(Answer):
    """A code with its names in Vietnamese and English."""

    code: str
    vi: str
    en: str
    values: list["EntryAnswer"] = Field(description="The values of an attribute that has a list of them.")


def _build_entry(entry: ReferenceEntry) -> EntryAnswer:
    values = [_build_entry(value) for value in reference.list_entries(entry.values)] if entry.values else []
    return EntryAnswer(code=entry.code, vi=entry.vi, en=entry.en, values=values)


@router.get("", access=Access.PUBLIC, transaction=False)
async def list_reference_lists() -> list[str]:
    """List the names of the reference lists."""
    return list(reference.LISTS)


@router.get("/{name}", access=Access.PUBLIC, transaction=False)
async def read_reference_list(name: Code) -> list[EntryAnswer]:
    """Read one reference list, in its own order."""
    return [_build_entry(entry) for entry in reference.list_entries(name)]
