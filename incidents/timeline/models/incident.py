"""Incident: the aggregate that everything posted hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Self, Unpack

from incidents.timeline.checks import checked_line, not_after
from incidents.timeline.models.component import Component
from incidents.timeline.models.event import Actor, Event, fingerprint
from incidents.timeline.models.incident_timeline import IncidentTimeline, refuse_unknown_choices
from incidents.timeline.models.kinds import IncidentChanges, IncidentVisibility
from incidents.timeline.models.page import Page
from incidents.timeline.models.phase import Phase
from incidents.timeline.models.translation import Translation, filled_titles
from incidents.timeline.models.update import Update
from incidents.timeline.models.writing import ComponentStates, facts_of, write_update
from incidents.timeline.placeholders import filled_line
from incidents.timeline.refusals import WrongPhase
from incidents.timeline.states import DetectedBy, IncidentPhase
from incidents.timeline.story import event_kind


class Incident(IncidentTimeline):
    """Something that happened (or a maintenance that is planned), told in updates.

    Phase, `monitoring_at` and `resolved_at` follow from the updates; impact follows from the
    components unless staff override it.
    """

    # Factories

    @classmethod
    def open(
        cls,
        *,
        page: Page,
        title: str,
        body: str,
        by: Actor,
        at: datetime,
        phase: Phase | None = None,
        components: ComponentStates | None = None,
        impact_override: str = "",
        posted_at: datetime | None = None,
        impact_started_at: datetime | None = None,
        detected_by: str = DetectedBy.UNKNOWN,
        notify: bool = True,
        next_update_due_at: datetime | None = None,
        backfilled: bool = False,
        titles: Mapping[str, str] | None = None,
        translations: Mapping[str, str] | None = None,
        placeholders: bool = False,
        request_key: str = "",
    ) -> Incident:
        """Declare an incident with its first update and return it.

        `posted_at` (default `at`) may lie in the past; `impact_started_at` is when it began
        (default `posted_at`). `titles` and `translations` are title and text in further languages
        of the page. `placeholders` says that all of them are written with placeholders. The same
        `request_key` returns the incident made before. Raises EmptyText, TextTooLong,
        ForeignComponent, UnknownStatus, UnknownPhase, UnknownLanguage, ResolvedBeforeStart,
        TimeInTheFuture, BlankLeft, NothingToInsert, RequestKeyReused.
        """
        started = impact_started_at or posted_at or at
        not_after(started, at=at, field="impact_started_at", what="The start")
        digest = fingerprint({"open": title, "body": body, "on": page.pk, "states": _as_codes(components)})
        with page.locked():
            earlier = Event.earlier(page=page, request_key=request_key, request_fingerprint=digest)
            if earlier is not None and earlier.update is not None:
                return earlier.update.incident
            if placeholders:
                known = facts_of(page, components or {}, started, posted_at or at, next_update_due_at)
                title = filled_line(title, known, field="title")
                titles = filled_titles(titles or {}, known)
            incident = cls._begin(
                page=page,
                title=title,
                at=at,
                phase=phase or page.phase(IncidentPhase.INVESTIGATING),
                visibility=IncidentVisibility.PUBLIC,
                impact_override=impact_override,
                impact_started_at=started,
                detected_by=detected_by,
                backfilled=backfilled,
            )
            update = write_update(
                incident,
                body=body,
                by=by,
                at=at,
                phase=incident.phase,
                components=components or {},
                posted_at=posted_at or at,
                notify=notify,
                next_update_due_at=next_update_due_at,
                translations=translations,
                placeholders=placeholders,
            )
            Translation.of_title(incident, titles or {}, by=by, at=at, beside_text=True)
            incident.record_update("incident.opened", update, by, at, request_key, digest)
        return incident

    @classmethod
    def prepare(
        cls,
        *,
        page: Page,
        title: str,
        by: Actor,
        at: datetime,
        visibility: str = IncidentVisibility.DRAFT,
        components: Iterable[Component] = (),
        impact_started_at: datetime | None = None,
        detected_by: str = DetectedBy.UNKNOWN,
    ) -> Incident:
        """Keep a draft or a suspicion that only staff see; its first update makes it public.

        Raises EmptyText, TextTooLong, ForeignComponent.
        """
        with page.locked():
            incident = cls._begin(
                page=page,
                title=title,
                at=at,
                phase=page.phase(IncidentPhase.INVESTIGATING),
                visibility=visibility,
                impact_started_at=impact_started_at or at,
                detected_at=at if visibility == IncidentVisibility.SUSPECTED else None,
                detected_by=detected_by,
            )
            incident.name_components(components)
            kind = f"incident.{'suspected' if visibility == 'suspected' else 'drafted'}"
            Event.record(page=page, kind=kind, by=by, at=at, subject=incident)
        return incident

    # Verbs

    def post_update(
        self,
        *,
        body: str,
        by: Actor,
        at: datetime,
        phase: Phase | None = None,
        components: ComponentStates | None = None,
        posted_at: datetime | None = None,
        notify: bool = True,
        next_update_due_at: datetime | None = None,
        translations: Mapping[str, str] | None = None,
        placeholders: bool = False,
        request_key: str = "",
    ) -> Update:
        """Say something about the incident and return the update.

        `phase` defaults to the present one; any phase may follow any other. `components` are
        set to the given states as of `posted_at` (default `at`, may be earlier). The first
        update of a draft or suspicion makes it public. `translations` are the text in further
        languages of the page. `placeholders` says that they are written with placeholders. The same
        `request_key` returns the update posted before. Raises EmptyText, TextTooLong,
        ForeignComponent, UnknownStatus, UnknownPhase, UnknownLanguage, ResolvedBeforeStart,
        TimeInTheFuture, BlankLeft, NothingToInsert, RequestKeyReused.
        """
        digest = fingerprint(
            {"update": self.pk, "body": body, "phase": phase and phase.slug, "states": _as_codes(components)}
        )
        with self.page.locked():
            earlier = Event.earlier(page=self.page, request_key=request_key, request_fingerprint=digest)
            if earlier is not None and earlier.update is not None:
                return earlier.update
            self.refresh_from_db()
            before = self.phase.canonical if self.is_public else ""
            if not self.is_public:
                self.visibility = IncidentVisibility.PUBLIC
                self.acknowledged_at = self.acknowledged_at or at
            update = write_update(
                self,
                body=body,
                by=by,
                at=at,
                phase=self.phase_of_page(phase) if phase else self.phase,
                components=components or {},
                posted_at=posted_at or at,
                notify=notify,
                next_update_due_at=next_update_due_at,
                translations=translations,
                placeholders=placeholders,
            )
            kind = event_kind(self.kind, before=before, now=self.phase.canonical)
            self.record_update(kind, update, by, at, request_key, digest)
        return update

    def resolve(
        self,
        *,
        body: str,
        by: Actor,
        at: datetime,
        components: ComponentStates | None = None,
        posted_at: datetime | None = None,
        notify: bool = True,
        request_key: str = "",
    ) -> Update:
        """Post the resolving update.

        Without `components`, every component it affected returns to operational unless
        another open incident or running maintenance still names it. Raises as `post_update`.
        """
        with self.page.locked():
            return self.post_update(
                body=body,
                by=by,
                at=at,
                phase=self.page.phase(IncidentPhase.RESOLVED),
                components=self.released_components() if components is None else components,
                posted_at=posted_at,
                notify=notify,
                request_key=request_key,
            )

    def edit(self, *, by: Actor, at: datetime, **changes: Unpack[IncidentChanges]) -> Incident:
        """Change title, impact override or the times of the story; nobody is mailed.

        Raises EmptyText, TextTooLong, ResolvedBeforeStart, TimeInTheFuture.
        """
        clean: dict[str, Any] = dict(changes)
        refuse_unknown_choices(clean)
        if "title" in changes:
            clean["title"] = checked_line(changes["title"], field="title", what="The title")
        for name, moment in clean.items():
            if isinstance(moment, datetime):
                not_after(moment, at=at, field=name, what="The time")
        with self.page.locked():
            self.refresh_from_db()
            for name, value in clean.items():
                setattr(self, name, value)
            self._refuse_impossible_order()
            self.impact = self._derived_impact()
            self.updated_at = at
            self.save()
            Event.record(
                page=self.page,
                kind=f"{self.kind}.edited",
                by=by,
                at=at,
                subject=self,
                payload={**clean, "incident": self.code},
            )
        return self

    def discard(self, *, by: Actor, at: datetime, reason: str) -> None:
        """Throw a draft or suspicion away; the event keeps its title and the reason. Twice is once.

        Raises WrongPhase once it is public or about to be, EmptyText (reason).
        """
        reason = checked_line(reason, field="reason", what="The reason")
        with self.page.locked():
            # Not as it was loaded: somebody may have published or discarded it since.
            present = Incident.objects.filter(pk=self.pk).first()
            if present is None:
                return
            if present.is_public:
                raise WrongPhase("A public incident stays in history; resolve it instead.")
            if self.held_posts.pending().exists():
                raise WrongPhase("Something is about to be published on it; take that back first.")
            Event.record(
                page=self.page,
                kind="incident.discarded",
                by=by,
                at=at,
                subject=self,
                payload={"title": self.title, "reason": reason},
            )
            self.delete()

    # Inner steps

    @classmethod
    def _begin(cls, *, page: Page, title: str, at: datetime, **fields: Any) -> Self:
        incident = cls(
            page=page,
            title=checked_line(title, field="title", what="The title"),
            created_at=at,
            updated_at=at,
            **fields,
        )
        incident.phase_of_page(incident.phase)
        refuse_unknown_choices(fields)
        incident.save(force_insert=True)
        return incident


def _as_codes(components: ComponentStates | None) -> dict[str, str]:
    return {component.code: status for component, status in (components or {}).items()}
