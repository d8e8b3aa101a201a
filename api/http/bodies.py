"""Reading the JSON of a request: small ones at once, larger ones in a thread, large ones first in a process.

The process looks for faults only. What it finds no fault in is read again in a thread: that much valid data
consists of many small objects, between which other threads have their turn. What is only computed from is
read nowhere but in the process that computes (:class:`DeferredBody`).
"""

from asyncio import to_thread
from functools import partial
from typing import Any, Self

from fastapi.exceptions import RequestValidationError
from pydantic import PrivateAttr, TypeAdapter, ValidationError

from api.http.limits import JSONRequest, get_value_limit, read_json
from api.http.problems import build_validation_problem, run_in_pool
from api.http.processes import ProcessPool
from api.http.types import Body
from service.formats.fault_limits import limit_faults
from service.work import Executor

INLINE_BYTES = 32 * 2**10
"""What is not larger is read and validated at once: it takes some milliseconds at most."""

THREAD_BYTES = 256 * 2**10
"""What is larger is checked in a process first."""


def choose_executor(pool: ProcessPool, size: float, most: int = THREAD_BYTES) -> Executor:
    """Where to compute from so many bytes or cells: up to ``most`` in a thread, more in a process of a pool.

    Raises a problem, 503, when it is used and too much waits in the pool.
    """
    return to_thread if size <= most else partial(run_in_pool, pool)


class DeferredBody(Body):
    """A body that, unless it is small, is handed to the handler unread: a process computes from it."""

    _content: tuple[bytes, int] | None = PrivateAttr(None)

    def defer(self, content: bytes, most: int) -> Self:
        """Keep JSON of at most so many values, which is still to be read."""
        self._content = content, most
        return self

    @property
    def is_deferred(self) -> bool:
        """Whether it is still to be read: it has no fields yet."""
        return self._content is not None

    def read(self) -> Self:
        """The body with its fields; raises a problem for what is wrong with it."""
        if self._content is None:
            return self
        found: Self = validate_body(*self._content, type(self))
        return found


async def read_body(request: JSONRequest, kind: type) -> None:
    """Read the JSON of a request, which should be of this kind; a large one is also validated here.

    Raises a problem: 400 or 422 for what is wrong with it, 503 if too many are being checked.
    """
    content, most = await request.body(), get_value_limit(request)
    if len(content) <= INLINE_BYTES:
        await request.json()
        return
    if issubclass(kind, DeferredBody):
        request.set_json(kind.model_construct().defer(content, most))
        return
    if len(content) > THREAD_BYTES:
        await run_in_pool(request.app.state.body_checks, check_body, content, most, kind)
    async with request.app.state.reading:
        request.set_json(await to_thread(validate_body, content, most, kind))


def check_body(content: bytes, most: int, kind: type) -> None:
    """Raise a problem for what is wrong with a body."""
    validate_body(content, most, kind)


def validate_body(content: bytes, most: int, kind: type) -> Any:
    """The body as a value of its kind, which the framework then takes as it is; raises a problem."""
    value = read_json(content, most)
    with limit_faults() as budget:
        try:
            return TypeAdapter(kind).validate_python(value)
        except ValidationError as error:
            found = error.errors(include_url=False)
    errors = [{**each, "loc": ("body", *each["loc"])} for each in found]
    wrong = RequestValidationError(errors, body=value)
    raise build_validation_problem(wrong, kind, more_errors=budget.stopped)
