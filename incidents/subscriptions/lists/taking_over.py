"""Taking over a list: some rows in each transaction, so that a run that is killed goes on where it was."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction

from incidents.subscriptions.choices import ChannelKind, ConsentAct, SubscriberState
from incidents.subscriptions.lists.columns import guessed_columns
from incidents.subscriptions.lists.judging import AT_ONCE, Fate, Judge, Judgement, Outlook, outlook
from incidents.subscriptions.lists.table import Row, delimiter_of, rows_of, text_of
from incidents.subscriptions.models import ConsentRecord, ImportState, Scope, Subscriber, SubscriberImport
from incidents.subscriptions.models.record import DETAIL_LIMIT
from incidents.subscriptions.refusals import NotReadable
from incidents.subscriptions.suppression.catching_up import catch_up
from incidents.timeline.models import Event, Page
from incidents.timeline.models.event import Actor, actor_account, actor_name


def look_at(*, page: Page, file_name: str, content: bytes, evidence: str, by: Actor, at: datetime) -> SubscriberImport:
    """Keep an uploaded list with a guess what its columns mean; nobody is added. Raises NotReadable."""
    text = text_of(content)
    delimiter = delimiter_of(text)
    rows = list(rows_of(text, delimiter))
    columns = guessed_columns(rows[:50])
    return SubscriberImport.objects.create(
        page=page,
        file_name=file_name[:200],
        text=text,
        delimiter=delimiter,
        has_header=columns.has_header,
        mapping={"places": columns.as_json(), "is_certain": columns.is_certain},
        evidence=evidence[:500],
        by=actor_account(by),
        by_name=actor_name(by)[:150],
        created_at=at,
    )


def rows_to_take(one: SubscriberImport) -> list[Row]:
    """Return the rows of an import below its header."""
    rows = list(rows_of(one.text, one.delimiter))
    return rows[1:] if one.has_header else rows


def outlook_of(one: SubscriberImport, *, at: datetime) -> Outlook:
    """Return what taking over would do now."""
    catch_up(at=at)
    return outlook(one.page, one.mapping["places"], rows_to_take(one))


def take_over(one: SubscriberImport, *, at: datetime, seconds: float | None = None) -> SubscriberImport:
    """Add what is new, as active: staff vouch that these people agreed. No mail is sent.

    Who left, complained or was erased stays out. Stops after `seconds` (None: at the end) and goes
    on with the next call; running it again adds nobody twice. Raises NotReadable.
    """
    catch_up(at=at)
    if "address" not in one.mapping["places"]:
        raise NotReadable("Say which column holds the address.", field="address")
    began = time.monotonic()
    rows = rows_to_take(one)
    judge = Judge(one.page, one.mapping["places"])
    while one.state != ImportState.DONE:
        _take_some(one, judge, rows, at=at)
        if seconds is not None and time.monotonic() - began > seconds:
            break
    return one


def _take_some(one: SubscriberImport, judge: Judge, rows: list[Row], *, at: datetime) -> None:
    with transaction.atomic():
        one.refresh_from_db(
            from_queryset=SubscriberImport.objects.select_related("page").select_for_update(of=("self",))
        )
        some = rows[one.position : one.position + AT_ONCE]
        new = [judgement for judgement in judge.judge_some(some) if judgement.fate == Fate.NEW]
        one.added += _add(one, new, at=at)
        one.position += len(some)
        one.state = ImportState.RUNNING
        if one.position >= len(rows):
            _finish(one, at=at)
        one.save(update_fields=["added", "position", "state", "text", "finished_at"])


def _finish(one: SubscriberImport, *, at: datetime) -> None:
    """End an import; the text names people and is not needed any more."""
    one.state, one.text, one.finished_at = ImportState.DONE, "", at
    Event.record(
        page=one.page,
        kind="subscribers.imported",
        by=one.by or one.by_name,
        at=at,
        subject=one,
        payload={"title": f"{one.added:,} from {one.file_name}"},
    )


def _add(one: SubscriberImport, new: list[Judgement], *, at: datetime) -> int:
    waiting = Subscriber.objects.on(one.page).filter(
        channel=ChannelKind.EMAIL, address_key__in=[judgement.key for judgement in new]
    )
    by_key = {subscriber.address_key: subscriber for subscriber in waiting.select_related("page")}
    for judgement in new:
        if judgement.key in by_key:
            detail = _proof(one, judgement)
            by_key[judgement.key].consent(judgement.wish, at=at, act=ConsentAct.IMPORTED, by=one.by_name, detail=detail)
    return len(by_key) + _insert(one, [judgement for judgement in new if judgement.key not in by_key], at=at)


def _insert(one: SubscriberImport, new: list[Judgement], *, at: datetime) -> int:
    rows = {judgement.key: (judgement, _row(one.page, judgement, at=at)) for judgement in new}
    Subscriber.objects.bulk_create([row for _, row in rows.values()], ignore_conflicts=True)
    # Somebody may have entered the same address this very moment: only rows with our codes are ours.
    made = Subscriber.objects.filter(code__in=[row.code for _, row in rows.values()])
    inserted = [(subscriber, rows[subscriber.address_key][0]) for subscriber in made]
    Scope.objects.bulk_create(
        Scope(subscriber=subscriber, component=component, created_at=at)
        for subscriber, judgement in inserted
        for component in judgement.wish.components or (None,)
    )
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            subscriber=subscriber,
            act=ConsentAct.IMPORTED,
            at=at,
            by_name=one.by_name,
            detail=_proof(one, judgement),
        )
        for subscriber, judgement in inserted
    )
    return len(inserted)


def _row(page: Page, judgement: Judgement, *, at: datetime) -> Subscriber:
    preferences = judgement.wish.preferences
    return Subscriber(
        page=page,
        address=judgement.address,
        address_key=judgement.key,
        state=SubscriberState.ACTIVE,
        consents=1,
        language=preferences.language,
        time_zone=preferences.time_zone,
        created_at=at,
        confirmed_at=at,
    )


def _proof(one: SubscriberImport, judgement: Judgement) -> str:
    return f"{one.evidence} ({one.file_name}, line {judgement.line})"[:DETAIL_LIMIT]
