"""Reminders: made once for each deadline and stage, and sent until one try succeeds, whoever dies when."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select, update
from structlog.testing import capture_logs

from api.http.metrics import WorkerMetrics
from api.reminder_sender import ReminderSender, Reminding
from db.reminders import Reminder
from db.session import Database, DatabaseUnreachable
from domain.access import Actor
from domain.reminders import FIRST_PAUSE, LATE_DAYS, ReminderDays, ReminderStage
from service import reminders
from service.notifiers import MailNotifier, Notice, NotSent
from service.notifiers import MailServer as Address
from service.work import Work
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import CHAIN, create_units, plan, publish_plan
from tests.journeys.steps import Json, open_conference
from tests.mail_server import MailServer, make_certificate, serve_mail

COUNCIL = "van-phong@hoi-dong.example"
DEADLINE = {
    "id": "ke-hoach",
    "name": "Gửi kế hoạch",
    "what": "plan",
    "due": {"date": "2030-01-31"},
    "documents": ["Kế hoạch"],
    "recipient": "Hội đồng thử nghiệm",
    "clause": "i",
}
DUE = date(2030, 1, 31)


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """One conference, whose plan is due on 31 January 2030."""

    async def load(client: Client) -> Json:
        made = await publish_plan(client, plan(deadlines=[DEADLINE]))
        units = await create_units(client)
        return await open_conference(client, made, CHAIN, units["tinh"], "tinh")

    return load


@asynccontextmanager
async def begin_work(database: Database, today: date = DUE) -> AsyncIterator[Work]:
    actor = Actor.for_service()
    async with database.transaction(actor) as session:
        yield Work(session, actor, None, today)


def make_sender(database: Database, mail: MailServer, today: date = DUE, **tls: Any) -> ReminderSender:
    """A sender that goes on as another worker would after the one before died."""
    notifier = MailNotifier(Address("localhost", mail.port, implicit_tls=False), COUNCIL, **tls)
    reminding = Reminding(ReminderDays(), COUNCIL, notifier)
    return ReminderSender(reminding, lambda: begin_work(database, today), WorkerMetrics({}))


async def list_reminders(database: Database) -> list[Reminder]:
    async with begin_work(database) as work:
        return [*(await work.session.exec(select(Reminder).order_by(col(Reminder.id)))).all()]


async def let_time_pass(database: Database) -> None:
    """All pauses are over."""
    async with begin_work(database) as work:
        await work.session.exec(update(Reminder).values(next_try_at=Reminder.made_at - timedelta(days=1)))


@pytest.fixture
def trusted(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return make_certificate(tmp_path)


async def test_each_stage_of_a_deadline_is_sent_once_over_tls(
    database: Database, trusted: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, client = trusted
    async with serve_mail(server) as mail:
        for today in ("2030-01-20", "2030-01-24", "2030-01-25", "2030-01-31", "2030-02-01", "2030-02-09"):
            day = date.fromisoformat(today)
            await make_sender(database, mail, day, context=client).remind()
            await make_sender(database, mail, day, context=client).remind()
    made = await list_reminders(database)
    assert [(each.stage, each.due) for each in made] == [(stage, DUE) for stage in ReminderStage]
    assert all(each.sent_at is not None and each.attempts == 1 for each in made)
    assert mail.secured == [True, True, True]
    assert [str(each["Subject"]) for each in mail.mails] == [
        "“Đơn vị tinh”: Gửi kế hoạch. Hạn cuối: 31/01/2030.",
        "“Đơn vị tinh”: Gửi kế hoạch. Hạn cuối: 31/01/2030.",
        "“Đơn vị tinh”: Gửi kế hoạch. Hạn cuối là 31/01/2030, đã quá 1 ngày.",
    ]
    assert {each["To"] for each in mail.mails} == {COUNCIL}
    assert "The last day was 31 January 2030, 1 day ago." in mail.mails[-1].get_content()


async def test_workers_at_the_same_time_make_and_send_one(database: Database) -> None:
    async with serve_mail() as mail:
        await asyncio.gather(*(make_sender(database, mail).remind() for _ in range(4)))
        await make_sender(database, mail).remind()
    assert len(mail.mails) == len(await list_reminders(database)) == 1


async def test_what_fails_is_tried_again_and_told_without_addresses(database: Database) -> None:
    async with serve_mail() as mail:
        mail.refusing = True
        sender = make_sender(database, mail)
        with capture_logs() as log:
            await sender.remind()
            await sender.remind()
        [failed] = await list_reminders(database)
        assert (failed.attempts, failed.sent_at, mail.mails) == (1, None, [])
        assert failed.next_try_at - failed.made_at >= FIRST_PAUSE
        assert [each["event"] for each in log] == ["reminder_failed"]
        assert COUNCIL not in str(log)
        await let_time_pass(database)
        mail.refusing = False
        await sender.remind()
        await let_time_pass(database)
        await sender.remind()
    assert [each["Message-ID"] for each in mail.mails] == [f"<{failed.id}@hoi-dong.example>"]
    samples = {
        (each.name, *each.labels.values()): each.value
        for family in sender._metrics.registry.collect()
        for each in family.samples
    }
    assert samples["daibieu_reminders_total", "failed"] == samples["daibieu_reminders_total", "sent"] == 1
    assert samples[("daibieu_reminders_failing",)] == 0


async def test_what_failed_goes_to_the_address_of_now(database: Database) -> None:
    async with begin_work(database) as work:
        await reminders.make_reminders(work, ReminderDays(), "sai@hoi-dong.example")
    async with serve_mail() as mail:
        await make_sender(database, mail).remind()
    assert [each["To"] for each in mail.mails] == [COUNCIL]


async def test_a_reminder_whose_sender_died_is_sent_by_another(database: Database) -> None:
    async with begin_work(database) as work:
        await reminders.make_reminders(work, ReminderDays(), COUNCIL)
    async with begin_work(database) as work:
        assert await reminders.lease_reminder(work, ReminderDays(), COUNCIL) is not None
    async with serve_mail() as mail:
        await make_sender(database, mail).remind()
        assert mail.mails == [], "the one that has it may still send it"
        await let_time_pass(database)
        await make_sender(database, mail).remind()
    assert len(mail.mails) == 1


async def test_of_several_missed_stages_only_that_of_today_is_sent(database: Database) -> None:
    """After days without a mail server there is one mail, and none of what was late long ago."""
    async with serve_mail() as mail:
        mail.refusing = True
        for days in (-7, 0, 1):
            await make_sender(database, mail, DUE + timedelta(days=days)).remind()
            await let_time_pass(database)
        assert len(await list_reminders(database)) == 3
        mail.refusing = False
        await make_sender(database, mail, DUE + timedelta(days=LATE_DAYS + 1)).remind()
        assert mail.mails == []
        await make_sender(database, mail, DUE + timedelta(days=2)).remind()
    assert len(mail.mails) == 1


async def test_what_is_over_does_not_count_as_failing(
    database: Database, client: Client, scene: Scene
) -> None:
    path = f"/v1/conferences/{scene.facts['id']}"
    async with serve_mail() as mail:
        mail.refusing = True
        await make_sender(database, mail).remind()
    async with begin_work(database) as work:
        assert await reminders.count_failing(work, ReminderDays()) == 1
    documents = [{"number": 1, "reference": "1/KH"}]
    body = {"deadline": "ke-hoach", "on": "2026-01-05", "documents": documents}
    await client.act(f"{path}/filings", (await client.get(path)).headers["ETag"], body)
    async with begin_work(database) as work:
        assert await reminders.count_failing(work, ReminderDays()) == 0


async def test_a_mail_is_recorded_although_the_database_was_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.patience.RETRY_SECONDS", 0.01)
    away = [DatabaseUnreachable(), DatabaseUnreachable()]

    @asynccontextmanager
    async def begin_after_mail() -> AsyncIterator[Work]:
        if mail.mails and away:
            raise away.pop()
        async with begin_work(database) as work:
            yield work

    async with serve_mail() as mail:
        sender = make_sender(database, mail)
        sender._begin_work = begin_after_mail
        await sender.remind()
        await let_time_pass(database)
        await sender.remind()
    assert not away
    assert len(mail.mails) == 1


async def test_nobody_is_reminded_of_what_has_been_done(
    database: Database, client: Client, scene: Scene
) -> None:
    path = f"/v1/conferences/{scene.facts['id']}"
    async with begin_work(database) as work:
        await reminders.make_reminders(work, ReminderDays(), COUNCIL)
    etag = (await client.get(path)).headers["ETag"]
    documents = [{"number": 1, "reference": "1/KH"}]
    body = {"deadline": "ke-hoach", "on": "2026-01-05", "documents": documents}
    await client.act(f"{path}/filings", etag, body)
    async with serve_mail() as mail:
        await make_sender(database, mail).remind()
        await make_sender(database, mail, DUE + timedelta(days=1)).remind()
    assert mail.mails == []
    assert len(await list_reminders(database)) == 1


async def test_no_mail_goes_to_a_server_that_is_not_trusted(
    trusted: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    async with serve_mail(trusted[0]) as mail:
        notifier = MailNotifier(Address("localhost", mail.port, implicit_tls=False), COUNCIL)
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            await notifier.send(Notice("1", COUNCIL, "Thử", "Thử"))
    assert mail.mails == []
