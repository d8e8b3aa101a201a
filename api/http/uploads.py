"""Uploaded files: sent as what they are, as bytes without a type, or as the one part of a form.

A form is what a page in a browser sends (``multipart/form-data``, RFC 7578); its part is called ``file``.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.http.bodies import choose_executor
from api.http.limits import JSON, UPLOAD_LIMIT, read_media_type
from api.http.problems import Problem

FORM = "multipart/form-data"
BYTES = "application/octet-stream"
PART = "file"
_ZIP = b"PK\x03\x04"
_SPREADSHEET = "spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file: its content type, one of those that the route accepts, and its bytes."""

    media: str
    content: bytes


async def read_upload(request: Request, accepted: Sequence[str]) -> Upload:
    """Read the file of a request.

    Raises :class:`Problem`: 415 for another content type; 400 for a form that is broken or has anything but
    one part called ``file``. Where no usable type is given, the first bytes tell which it is.
    """
    media, content = read_media_type(request), await request.body()
    if media == FORM:
        execute = choose_executor(request.app.state.files, len(content))
        media, content = await execute(read_form, request.headers["content-type"], content)
    elif content and media not in (*accepted, BYTES):
        raise Problem(415, "unsupported_media_type", {"supported": ", ".join((*accepted, BYTES, FORM))})
    return Upload(media if media in accepted else _guess_media(content, accepted), content)


def read_form(content_type: str, content: bytes) -> tuple[str, bytes]:
    """The content type and the bytes of the one part of a form; raises :class:`Problem` 400.

    A form of 20 MiB takes a second, so it is read beside the event loop, by one of its own.
    """
    return asyncio.run(_read_part(Headers({"content-type": content_type}), content))


async def _read_part(headers: Headers, content: bytes) -> tuple[str, bytes]:
    """It never waits, since all of the content is there."""

    async def stream() -> AsyncGenerator[bytes, None]:
        yield content

    parser = MultiPartParser(headers, stream(), max_files=1, max_fields=0)
    parser.spool_max_size = UPLOAD_LIMIT  # in memory: nothing of it is written to a disk
    try:
        form = await parser.parse()
    except MultiPartException:
        raise Problem(400, "form_unreadable", {"part": PART}) from None
    try:
        part = form.get(PART)
        if not isinstance(part, UploadFile):
            raise Problem(400, "form_unreadable", {"part": PART})
        return (part.content_type or "").partition(";")[0].strip().lower(), await part.read()
    finally:
        await form.close()


def _guess_media(content: bytes, accepted: Sequence[str]) -> str:
    if content.startswith(_ZIP):
        found = [media for media in accepted if media.endswith(_SPREADSHEET)]
    else:
        is_object = content.lstrip().startswith(b"{")
        texts = [media for media in accepted if not media.endswith(_SPREADSHEET)]
        found = [media for media in texts if (media == JSON) == is_object] or texts
    return (found or accepted)[0]


async def _provide_upload(request: Request) -> Upload:
    upload: Upload = request.state.upload
    return upload


CurrentUpload = Annotated[Upload, Depends(_provide_upload)]
"""A handler's parameter, where the route accepts files."""
