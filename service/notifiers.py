"""Ways to tell somebody of something: a port, with a log and a mail server behind it."""

import asyncio
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.utils import formatdate
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog

from service.settings import LOOPBACK_HOSTS

SMTP_SECONDS = 20.0
"""How long a mail server may take for each of its answers."""

_log = structlog.get_logger("daibieu.notices")


class NotSent(Exception):  # noqa: N818 - the name says what happened
    """A notice could not be handed over; it may be tried again. The text names no address."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told. ``id`` is the same at each try, so that a mail program shows a notice once."""

    id: str
    recipient: str
    subject: str
    text: str


class Notifier(Protocol):
    """A way to tell somebody of something."""

    async def send(self, notice: Notice) -> None:
        """Hand a notice over. Raises :class:`NotSent` when it was not taken."""


class LogNotifier:
    """Writes to the log that there is a notice: to whom it goes and what it says is not for a log."""

    async def send(self, notice: Notice) -> None:
        _log.info("notice", notice=notice.id)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: with TLS from the beginning, or by STARTTLS, which only this machine may do without."""

    host: str
    port: int
    implicit_tls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, url: str) -> "MailServer":
        """The server of an address such as ``smtps://user:password@mail.example``."""
        parts = urlsplit(url)
        implicit = parts.scheme == "smtps"
        user = None if parts.username is None else unquote(parts.username)
        password = None if parts.password is None else unquote(parts.password)
        return cls(parts.hostname or "", parts.port or (465 if implicit else 587), implicit, user, password)


@dataclass(frozen=True, slots=True)
class MailNotifier:
    """Sends mail through a server, from one address. ``context`` says whose certificates are trusted."""

    server: MailServer
    sender: str
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    async def send(self, notice: Notice) -> None:
        try:
            await asyncio.to_thread(self._send, build_mail(notice, self.sender))
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(type(error).__name__) from None

    def _send(self, mail: Message) -> None:
        server = self.server
        if server.implicit_tls:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SMTP_SECONDS, context=self.context
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=SMTP_SECONDS)
        with client:
            if not server.implicit_tls:
                self._secure(client)
            if server.user is not None:
                client.login(server.user, server.password or "")
            client.send_message(mail)
            with suppress(smtplib.SMTPException, OSError):  # it has the mail
                client.quit()

    def _secure(self, client: smtplib.SMTP) -> None:
        client.ehlo()
        if client.has_extn("starttls") or self.server.host not in LOOPBACK_HOSTS:
            client.starttls(context=self.context)


def build_mail(notice: Notice, sender: str) -> Message:
    """The mail of a notice. The newer classes of the library lose spaces of long Vietnamese subjects."""
    mail = MIMEText(notice.text, "plain", "utf-8")
    mail["From"], mail["To"] = sender, notice.recipient
    mail["Subject"] = Header(notice.subject, "utf-8", header_name="Subject").encode()
    mail["Message-ID"] = f"<{notice.id}@{sender.rpartition('@')[2]}>"
    mail["Date"] = formatdate(usegmt=True)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers automatically
    return mail
