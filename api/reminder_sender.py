"""Reminders of a worker: made regularly, and sent between transactions, since a mail server may be slow."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial

import structlog

from api.http.metrics import WorkerMetrics
from api.patience import write_patiently
from domain.reminders import ReminderDays
from service import reminders
from service.notifiers import LogNotifier, MailNotifier, MailServer, Notifier, NotSent
from service.reminders import LeasedReminder
from service.settings import Settings
from service.work import Work

MAKE_SECONDS = 60.0
"""Seconds between two searches for last days of which somebody is to be reminded."""

SENT_AT_ONCE = 50
"""How many reminders are sent before the next pause."""

FINISH_SECONDS = 10.0
"""Seconds for a mail that is being sent when the worker is stopped, so that it is recorded."""

_log = structlog.get_logger("daibieu.worker")


@dataclass(frozen=True, slots=True)
class Reminding:
    """Who is reminded, when, and how. Without a notifier that sends mail there is a line in the log."""

    days: ReminderDays = field(default_factory=ReminderDays)
    recipient: str = "council"
    notifier: Notifier = field(default_factory=LogNotifier)

    @classmethod
    def of(cls, settings: Settings) -> "Reminding":
        """As the operator wants it."""
        days = ReminderDays(settings.reminder_days_before, settings.reminder_days_late)
        if settings.smtp_url is None or settings.reminder_address is None:
            return cls(days)
        sender = settings.smtp_sender or settings.reminder_address
        notifier = MailNotifier(MailServer.read(settings.smtp_url), sender)
        return cls(days, settings.reminder_address, notifier)


class ReminderSender:
    """Makes reminders and sends them, each step in a transaction of its own."""

    def __init__(
        self,
        reminding: Reminding,
        begin_work: Callable[[], AbstractAsyncContextManager[Work]],
        metrics: WorkerMetrics,
    ):
        self.reminding = reminding
        self._begin_work = begin_work
        self._metrics = metrics
        self._made_at = -MAKE_SECONDS

    async def remind(self) -> None:
        """Make what is to be made now, and send what waits."""
        days = self.reminding.days
        if time.monotonic() - self._made_at >= MAKE_SECONDS:
            self._made_at = time.monotonic()
            async with self._begin_work() as work:
                await reminders.make_reminders(work, days, self.reminding.recipient)
        for _ in range(SENT_AT_ONCE):
            async with self._begin_work() as work:
                leased = await reminders.lease_reminder(work, days, self.reminding.recipient)
                self._metrics.record_failing(await reminders.count_failing(work, days))
            if leased is None or not await self._finish(asyncio.create_task(self._send(leased))):
                return

    async def _finish(self, sending: "asyncio.Task[bool]") -> bool:
        """Wait for a mail. Where the worker is stopped, what is being sent is still recorded."""
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            await asyncio.wait([sending], timeout=FINISH_SECONDS)
            raise

    async def _send(self, reminder: LeasedReminder) -> bool:
        """Whether it was sent; if not, the others wait too: the mail server is probably away."""
        told = {"reminder": str(reminder.id), "attempts": reminder.attempts}
        try:
            await self.reminding.notifier.send(reminder.notice)
        except NotSent as error:
            self._metrics.record_reminder("failed")
            _log.warning("reminder_failed", **told, error=str(error))
            return False
        await write_patiently(self._begin_work, partial(reminders.record_sent, reminder=reminder.id))
        self._metrics.record_reminder("sent")
        _log.info("reminder_sent", **told)
        return True
