"""Tokens that prove nothing: what is said in them, and why each is refused."""

import base64
import json
import time
from typing import Any

from service import tokens
from tests.access.providers import STRANGER

WRONG_TOKENS: list[tuple[dict[str, Any], str]] = [
    ({"exp": -3600}, "token_expired"),
    ({"exp": -tokens.CLOCK_SKEW - 30}, "token_expired"),
    ({"nbf": 3600}, "token_not_yet_valid"),
    ({"iat": 3600}, "token_not_yet_valid"),
    ({"aud": "somebody-else"}, "audience_wrong"),
    ({"aud": ["somebody-else", "another"]}, "audience_wrong"),
    ({"iss": "https://somebody.example"}, "issuer_wrong"),
    ({"drop": "exp"}, "claim_missing"),
    ({"drop": "iat"}, "claim_missing"),
    ({"drop": "sub"}, "claim_missing"),
    ({"drop": "aud"}, "claim_missing"),
    ({"drop": "iss"}, "claim_missing"),
    ({"sub": ""}, "subject_missing"),
    ({"kid": "nobody"}, "key_unknown"),
    ({"key": STRANGER}, "signature_wrong"),
    ({"algorithm": "PS256"}, "algorithm_refused"),
    ({"algorithm": "RS512"}, "algorithm_refused"),
    ({"headers": {"typ": "logout+jwt"}}, "token_of_another_kind"),
    ({"typ": "ID"}, "token_of_another_kind"),
    ({"typ": "Refresh"}, "token_of_another_kind"),
    ({"nonce": "n-1"}, "id_token"),
    ({"at_hash": "x"}, "id_token"),
    ({"headers": {"typ": "at+jwt"}, "c_hash": "x"}, "id_token"),
    ({"drop": "client_id"}, "no_access_token"),
    ({"exp": 86_400 + tokens.CLOCK_SKEW + 60}, "token_valid_too_long"),
    ({"exp": 10**12}, "token_valid_too_long"),
    ({"headers": {"crit": ["exp"]}}, "token_malformed"),
    ({"headers": {"kid": ""}}, "key_not_named"),
]
"""What a provider is told to sign (:meth:`tests.access.providers.Server.token`), with moments told in seconds
from now, and the reason."""


def time_claims(said: dict[str, Any]) -> dict[str, Any]:
    """The claims, with moments for what is told in seconds from now: a test waits for its turn."""
    now = int(time.time())
    return {name: now + value if name in ("exp", "nbf", "iat") else value for name, value in said.items()}


def forge_token(header: dict[str, Any], said: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand, with any signature."""
    parts = [json.dumps(header).encode(), json.dumps(said).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
