"""How a command describes a failure that its operator cannot be expected to know."""

from db.session import DatabaseUnreachable


def describe_failure(error: Exception) -> str:
    """Describe a failure: its types, its place in the code, and the most frequent cause."""
    from api.http.request_log import describe_error

    description = describe_error(error)
    state, frames = description["sqlstate"] or "", description["frames"]
    hint = next((hint for start, hint in _FAILURE_HINTS.items() if state.startswith(start)), "")
    if not state and isinstance(error, OSError | DatabaseUnreachable):
        hint = "the database cannot be reached: "
    return f"{hint}{description['error']} {state} at {frames[-1] if frames else '?'}"


_FAILURE_HINTS = {
    "28": "the database refuses the role of DAIBIEU_DATABASE_URL or its password: ",
    "3D": "there is no database with this name: ",
    "42501": "the role lacks a privilege; migrations need more privileges than the service: ",
    "57P": "the database was stopped, or its service was: ",
    "42P01": "the tables are missing; daibieu migrate creates them: ",
}
