"""Sealing sensitive data: each person has a key, wrapped by a master key that the database never has.

AES-256-GCM throughout (NIST SP 800-38D), a fresh 96-bit nonce for each box, the person's id bound in as
associated data, so that a box moved to another row does not open. Rows are read and written in
``service.sealed_attributes``, and for snapshots in ``service.runs``.
"""

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp
from typing import Protocol
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.settings import SettingError, Settings

NONCE_BYTES = 12
BLOCK_BYTES = 256
"""Content is padded to a multiple of so many bytes; the attributes of an adult fit into one block."""


_log = structlog.get_logger("daibieu.vaults")


class WrappedKey(Protocol):
    """A person's key, wrapped by the master key of that name."""

    id: UUID
    wrapped: bytes
    master: str


@dataclass(frozen=True, slots=True)
class Box:
    """Sealed content and its key, wrapped by the master key ``master``; ``name`` is a digest by the key."""

    name: str
    wrapped: bytes
    master: str
    sealed: bytes


@dataclass(frozen=True)
class Vault:
    """Wraps and opens keys; the master key is in memory only, and never in any output.

    During a change of the master key, ``following`` is the vault of the next one: it wraps new keys, and
    unwraps those that it has wrapped. ``unreadable`` counts the boxes that did not open, by their kind.
    """

    master: bytes = field(repr=False)
    following: "Vault | None" = None
    unreadable: Counter[str] = field(default_factory=Counter, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The name of the master key, which does not reveal it."""
        return self.derive_key("name")[:8].hex()

    def create_key(self, row: WrappedKey) -> bytes:
        """A fresh key for one person, wrapped into its row."""
        key = AESGCM.generate_key(256)
        (self.following or self).wrap_key(row, key)
        return key

    def wrap_key(self, row: WrappedKey, key: bytes) -> None:
        """Keep a person's key in its row, wrapped by this master key."""
        row.wrapped, row.master = _encrypt_content(self.master, key, row.id.bytes), self.name

    def unwrap_key(self, row: WrappedKey) -> bytes:
        """The person's key, unwrapped."""
        if self.following is not None and row.master == self.following.name:
            return self.following.unwrap_key(row)
        return _decrypt_content(self.master, row.wrapped, row.id.bytes)

    def report_unreadable(self, kind: str, masters: Iterable[str]) -> None:
        """Raise the alarm for boxes that do not open; ``masters`` are the names of their master keys.

        The alarm does not say whose boxes they are.
        """
        wrapped_by = [*masters]
        self.unreadable[kind] += len(wrapped_by)
        named = sorted(set(wrapped_by))
        _log.error("sealed_boxes_unreadable", kind=kind, number=len(wrapped_by), masters=named, own=self.name)

    def derive_key(self, purpose: str) -> bytes:
        """A key for another purpose, such as cursors or stored answers (HKDF, RFC 5869)."""
        return HKDF(SHA256(), 32, salt=None, info=b"daibieu " + purpose.encode()).derive(self.master)

    def seal_content(self, content: bytes) -> "Box":
        """The content sealed by a fresh key of its own."""
        key, keeper = AESGCM.generate_key(256), self.following or self
        bound_to = hmac.digest(key, content, "sha256").hex().encode()
        wrapped, sealed = (
            _encrypt_content(keeper.master, key, bound_to),
            _encrypt_content(key, content, bound_to),
        )
        return Box(bound_to.decode(), wrapped, keeper.name, sealed)

    def open_content(self, box: "Box") -> bytes:
        """The content of a box."""
        key = self.unwrap_box_key(box.name, box.wrapped, box.master)
        return _decrypt_content(key, box.sealed, box.name.encode())

    def unwrap_box_key(self, name: str, wrapped: bytes, master: str) -> bytes:
        """The key of a box."""
        if self.following is not None and master == self.following.name:
            return self.following.unwrap_box_key(name, wrapped, master)
        return _decrypt_content(self.master, wrapped, name.encode())

    def wrap_box_key(self, name: str, key: bytes) -> bytes:
        """The key of a box, wrapped by this master key."""
        return _encrypt_content(self.master, key, name.encode())

    def open_answer(self, box: bytes, bound_to: bytes) -> bytes | None:
        """A stored answer; ``None`` where it was sealed by another key."""
        try:
            return _decrypt_content(self.derive_key("answers"), box, bound_to)
        except ValueError:
            return None


def build_vault(settings: Settings) -> Vault:
    """The vault of this installation; in local mode its key is created at first use."""
    if settings.mode == "server":
        settings.expect_setting("DAIBIEU_MASTER_KEY_FILE", settings.master_key_file)
    path = find_master_key_file(settings)
    if not path.exists():
        if settings.mode == "server":
            raise SettingError(f"DAIBIEU_MASTER_KEY_FILE: there is no file {path.name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_key_file(path)
    following = settings.next_master_key_file
    return Vault(_read_key(path), None if following is None else read_vault(following))


def discard_new_key(settings: Settings, vault: Vault) -> None:
    """Remove a master key that was made for this start and has sealed nothing yet."""
    path = find_master_key_file(settings)
    if path.exists() and _read_key(path) == vault.master:
        path.unlink()


def _make_key_file(path: Path) -> None:
    """Make a master key. Its file appears whole; if several processes make one, the first one's stays."""
    handle, name = mkstemp(prefix="master.", dir=path.parent)  # only its owner can read it
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(b64encode(AESGCM.generate_key(256)) + b"\n")
            file.flush()
            os.fsync(handle)
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def find_master_key_file(settings: Settings) -> Path:
    """The file of the master key: the one that is set, or that of the data folder."""
    return settings.master_key_file or settings.data / "master.key"


def read_vault(path: Path) -> Vault:
    """The vault of the master key in a file."""
    if not path.exists():
        raise SettingError(f"there is no master key file {path.name}")
    return Vault(_read_key(path))


def _read_key(path: Path) -> bytes:
    try:
        key = b64decode(path.read_bytes().strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SettingError("the master key file must hold 32 bytes in base64")
    return key


def seal_values(key: bytes, person: UUID, values: Mapping[str, str]) -> bytes:
    """The attributes of a person, sealed by their key."""
    return _encrypt_content(key, _pad_values(values), person.bytes)


def open_values(key: bytes, person: UUID, sealed: bytes) -> dict[str, str]:
    """The attributes of a person, from the sealed content of their box."""
    values: dict[str, str] = json.loads(_decrypt_content(key, sealed, person.bytes))
    return values


def seal_text(key: bytes, person: UUID, text: str) -> str:
    """A text about a person, sealed by their key, in base64."""
    content = _pad_values({"text": text})
    return b64encode(_encrypt_content(key, content, _build_note_binding(person))).decode()


def open_text(key: bytes, person: UUID, note: str) -> str:
    """A sealed text about a person, opened."""
    text: str = json.loads(_decrypt_content(key, b64decode(note), _build_note_binding(person)))["text"]
    return text


def _pad_values(values: Mapping[str, str]) -> bytes:
    """The values as padded JSON, so that the size of a box does not reveal its content."""
    content = json.dumps(dict(values), sort_keys=True).encode()
    return content.ljust(-(-len(content) // BLOCK_BYTES) * BLOCK_BYTES)


def _build_note_binding(person: UUID) -> bytes:
    return b"note" + person.bytes


def _encrypt_content(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to)


def _decrypt_content(key: bytes, box: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise ValueError("a sealed box does not open: another master key, or a changed row") from None
