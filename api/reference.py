"""Reference lists over HTTP: open to anyone."""

from api.http.routes import Router
from api.http.types import Answer, Code
from domain.access import Access
from service import reference

router = Router(prefix="/reference", tags=["reference"])


class EntryAnswer(Answer):
    """A code with its names in Vietnamese and English."""

    code: str
    vi: str
    en: str


@router.get("", access=Access.PUBLIC, transaction=False)
async def list_reference_lists() -> list[str]:
    """List the names of the reference lists."""
    return list(reference.LISTS)


@router.get("/{name}", access=Access.PUBLIC, transaction=False)
async def read_reference_list(name: Code) -> list[EntryAnswer]:
    """Read one reference list, in its own order."""
    return [EntryAnswer.model_validate(entry) for entry in reference.list_entries(name)]
