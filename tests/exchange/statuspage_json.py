"""Statuspage's JSON, made up: each function returns one object with good values, changed as asked."""

import json
from pathlib import Path
from typing import Any

PAGE = "zzzzpage0001"


def page(**changes: Any) -> dict[str, Any]:
    return {
        "id": PAGE,
        "name": "Example",
        "url": "https://status.example.com",
        "time_zone": "Europe/Berlin",
        "updated_at": "2026-05-01T12:00:00.000+02:00",
        **changes,
    }


def component(code: str = "zzzzcomp0001", **changes: Any) -> dict[str, Any]:
    return {
        "id": code,
        "name": f"Component {code[-2:]}",
        "status": "operational",
        "created_at": "2025-01-01T00:00:00.000Z",
        "updated_at": "2026-04-01T00:00:00.000Z",
        "position": 1,
        "description": None,
        "showcase": True,
        "start_date": "2025-01-01",
        "group_id": None,
        "page_id": PAGE,
        "group": False,
        "only_show_if_degraded": False,
        **changes,
    }


def update(code: str = "zzzzupdt0001", **changes: Any) -> dict[str, Any]:
    at = changes.get("display_at", "2026-03-01T10:00:00.000Z")
    return {
        "id": code,
        "status": "investigating",
        "body": "We are looking into it.",
        "created_at": at,
        "updated_at": at,
        "display_at": at,
        "affected_components": None,
        "deliver_notifications": True,
        **changes,
    }


def resolution(code: str = "zzzzupdt0002", **changes: Any) -> dict[str, Any]:
    changes.setdefault("display_at", "2026-03-01T11:00:00.000Z")
    return update(code, **{"status": "resolved", "body": "It is over.", **changes})


def affected(code: str = "zzzzcomp0001", old: str = "operational", new: str = "major_outage", **changes: Any) -> Any:
    return {"code": code, "name": f"Component {code[-2:]}", "old_status": old, "new_status": new, **changes}


def incident(code: str = "zzzzinci0001", **changes: Any) -> dict[str, Any]:
    return {
        "id": code,
        "name": "Something broke",
        "status": "resolved",
        "created_at": "2026-03-01T10:00:00.000Z",
        "updated_at": "2026-03-01T11:00:00.000Z",
        "monitoring_at": None,
        "resolved_at": "2026-03-01T11:00:00.000Z",
        "impact": "minor",
        "shortlink": "https://stspg.io/x",
        "started_at": "2026-03-01T10:00:00.000Z",
        "page_id": PAGE,
        "incident_updates": [resolution(), update()],
        "components": [],
        **changes,
    }


def maintenance(code: str = "zzzzmain0001", **changes: Any) -> dict[str, Any]:
    said = [
        update("zzzzupdt0012", status="completed", body="Done.", display_at="2026-03-02T03:00:00.000Z"),
        update("zzzzupdt0011", status="scheduled", body="We will.", display_at="2026-03-01T03:00:00.000Z"),
    ]
    return incident(
        code,
        **{
            "name": "Upgrade",
            "status": "completed",
            "impact": "maintenance",
            "resolved_at": "2026-03-02T03:00:00.000Z",
            "updated_at": "2026-03-02T03:00:00.000Z",
            "scheduled_for": "2026-03-02T02:00:00.000Z",
            "scheduled_until": "2026-03-02T04:00:00.000Z",
            "incident_updates": said,
            **changes,
        },
    )


def write(folder: Path, name: str, **content: Any) -> Path:
    """Write a document of the page into the folder and return its path."""
    file = folder / name
    file.write_text(json.dumps({"page": page(), **content}))
    return file
