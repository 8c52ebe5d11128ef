import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import incidents.lib.codes
from django.conf import settings
from django.db import migrations, models
from incidents.lib.tables import TablesAtOnce


class Migration(TablesAtOnce):
    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="JournalFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("salt", models.CharField(max_length=64, unique=True)),
                ("read_to", models.PositiveBigIntegerField(default=0)),
                ("damaged", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="MailboxTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mailbox", models.CharField(max_length=64, unique=True)),
                ("sent", models.JSONField(default=list)),
                ("newest_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12, unique=True)),
                ("name", models.CharField(max_length=255)),
                ("host", models.CharField(blank=True, max_length=253)),
                ("product_url", models.URLField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                ("language", models.CharField(default="en", max_length=16)),
                ("further_languages", models.JSONField(blank=True, default=list)),
                ("is_default", models.BooleanField(default=False)),
                ("publishes_detection", models.BooleanField(default=False)),
                ("takes_reports", models.BooleanField(default=False)),
                ("publishes_reports", models.BooleanField(default=False)),
                ("publishes_scorecard", models.BooleanField(default=False)),
                ("postmortem_due_days", models.PositiveSmallIntegerField(default=0)),
                ("agreed_hours", models.JSONField(blank=True, default=dict)),
                ("hold_seconds", models.PositiveSmallIntegerField(default=10)),
                ("confirm_recipients", models.PositiveIntegerField(default=5000)),
                ("asks_second_person", models.BooleanField(default=False)),
                ("is_unlisted", models.BooleanField(default=False)),
                ("look_chosen", models.JSONField(blank=True, default=dict)),
                (
                    "access",
                    models.CharField(
                        choices=[
                            ("public", "Everybody"),
                            ("sign_in", "Who signs in here"),
                            ("password", "Who knows a password"),
                            ("addresses", "Who comes from certain networks"),
                        ],
                        default="public",
                        max_length=12,
                    ),
                ),
                ("password_hash", models.CharField(blank=True, max_length=128)),
                ("address_ranges", models.JSONField(blank=True, default=list)),
                ("feed_secret", models.CharField(blank=True, max_length=43)),
                ("last_seq", models.PositiveBigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-is_default", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("host", ""), _negated=True), fields=("host",), name="page_host_is_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("is_default",), name="page_one_default"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="page_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("hold_seconds__lte", 60)), name="page_holds_a_minute_at_most"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100)),
                ("sentence", models.CharField(max_length=300)),
                ("fix", models.CharField(blank=True, max_length=800)),
                ("path", models.CharField(blank=True, max_length=200)),
                ("raised_at", models.DateTimeField()),
                ("posted_at", models.DateTimeField(null=True)),
                ("over_at", models.DateTimeField(null=True)),
                (
                    "page",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
                        to="incidents.page",
                    ),
                ),
            ],
            options={
                "ordering": ["-raised_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("over_at__isnull", True)), fields=("key",), name="alarm_once_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ComponentGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12)),
                ("name", models.CharField(max_length=255)),
                ("description", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("always_open", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "code"), name="group_code_once_per_page"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="group_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12)),
                ("name", models.CharField(max_length=255)),
                ("description", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("operational", "Operational"),
                            ("under_maintenance", "Under maintenance"),
                            ("degraded_performance", "Degraded performance"),
                            ("partial_outage", "Partial outage"),
                            ("major_outage", "Major outage"),
                        ],
                        default="operational",
                        max_length=20,
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                ("showcase", models.BooleanField(default=True)),
                ("started_on", models.DateField(blank=True, null=True)),
                ("only_show_if_degraded", models.BooleanField(default=False)),
                (
                    "visibility",
                    models.CharField(
                        choices=[("public", "Public"), ("staff", "Staff only")], default="public", max_length=10
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="components",
                        to="incidents.componentgroup",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="components", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "code"), name="component_code_once_per_page"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="component_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "operational",
                                    "under_maintenance",
                                    "degraded_performance",
                                    "partial_outage",
                                    "major_outage",
                                ],
                            )
                        ),
                        name="component_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("headers", models.JSONField(default=list)),
                ("body", models.BinaryField()),
                ("brotli", models.BinaryField()),
                ("gzip", models.BinaryField()),
                ("etag", models.CharField(max_length=64)),
                ("page_seq", models.PositiveBigIntegerField()),
                ("generation", models.PositiveBigIntegerField()),
                ("made_with", models.CharField(default="", max_length=32)),
                ("made_at", models.DateTimeField()),
                ("is_gone", models.BooleanField(default=False)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="incidents.page"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["page", "generation"], name="document_newest")],
                "constraints": [models.UniqueConstraint(fields=("page", "path"), name="document_once_per_path")],
            },
        ),
        migrations.CreateModel(
            name="PagePicture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=20)),
                ("content", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="incidents.page"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("page", "digest"), name="picture_once_per_page")],
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40)),
                ("label", models.CharField(max_length=60)),
                (
                    "canonical",
                    models.CharField(
                        choices=[
                            ("investigating", "Investigating"),
                            ("identified", "Identified"),
                            ("monitoring", "Monitoring"),
                            ("resolved", "Resolved"),
                            ("postmortem", "Postmortem"),
                            ("scheduled", "Scheduled"),
                            ("in_progress", "In progress"),
                            ("verifying", "Verifying"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=20,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="phases", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["page", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "slug"), name="phase_once_per_page"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "canonical__in",
                                [
                                    "investigating",
                                    "identified",
                                    "monitoring",
                                    "resolved",
                                    "postmortem",
                                    "scheduled",
                                    "in_progress",
                                    "verifying",
                                    "completed",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="phase_has_a_canonical_meaning",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("incident", "Incident"), ("maintenance", "Maintenance")],
                        default="incident",
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("title", models.CharField(blank=True, max_length=255)),
                ("body", models.TextField()),
                ("notify", models.BooleanField(default=True)),
                ("uses", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="templates", to="incidents.page"
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="incidents.phase",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "name"), name="template_name_once_per_page"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="template_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bounced", "Bounces that count"),
                            ("not_ours", "Bounces for which the reader is not to blame"),
                            ("pending", "Notices that nothing has failed yet"),
                            ("repeated", "Reports of what was known"),
                            ("forged", "Bounces without our signature, ignored"),
                            ("complaint", "Spam complaints"),
                            ("forged_complaint", "Complaints without our signature, ignored"),
                            ("left", "Readers who left by mail"),
                            ("automatic", "Automatic answers, ignored"),
                            ("parked", "Set aside for a person to look at"),
                            ("later", "Came before their delivery was marked; read again"),
                        ],
                        max_length=20,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "return tallies",
                "ordering": ["-day", "kind"],
                "constraints": [models.UniqueConstraint(fields=("day", "kind"), name="return_tally_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="SetUp",
            fields=[
                ("number", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StatusCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("operational", "Operational"),
                            ("under_maintenance", "Under maintenance"),
                            ("degraded_performance", "Degraded performance"),
                            ("partial_outage", "Partial outage"),
                            ("major_outage", "Major outage"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=150)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="incidents.component",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="correction_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "operational",
                                    "under_maintenance",
                                    "degraded_performance",
                                    "partial_outage",
                                    "major_outage",
                                ],
                            )
                        ),
                        name="correction_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hard_failures", models.PositiveSmallIntegerField(default=0)),
                ("soft_failures", models.PositiveSmallIntegerField(default=0)),
                ("soft_failed_on", models.DateField(null=True)),
                ("disabled_at", models.DateTimeField(null=True)),
                ("disabled_reason", models.CharField(blank=True, max_length=500)),
                ("wants_incidents", models.BooleanField(default=True)),
                ("wants_maintenance", models.BooleanField(default=True)),
                (
                    "severity_floor",
                    models.CharField(
                        choices=[
                            ("none", "Any"),
                            ("minor", "Degraded performance and worse"),
                            ("major", "Partial outage and worse"),
                            ("critical", "Major outage only"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=16)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12, unique=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "Email"),
                            ("webhook", "Webhook"),
                            ("slack", "Slack"),
                            ("teams", "Microsoft Teams"),
                            ("discord", "Discord"),
                            ("google_chat", "Google Chat"),
                            ("mattermost", "Mattermost"),
                            ("telegram", "Telegram"),
                            ("sms", "SMS"),
                        ],
                        default="email",
                        max_length=20,
                    ),
                ),
                ("address", models.CharField(max_length=2048)),
                ("address_key", models.CharField(max_length=254)),
                ("contact_email", models.CharField(blank=True, max_length=254)),
                ("signing_secret", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for confirmation"),
                            ("active", "Active"),
                            ("left", "Left"),
                            ("disabled", "Switched off"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("consents", models.PositiveIntegerField(default=0)),
                (
                    "leaving",
                    models.CharField(
                        choices=[
                            ("free", "By one click"),
                            ("typed", "By typing the address"),
                            ("locked", "By staff only"),
                        ],
                        default="free",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                ("complained_at", models.DateTimeField(null=True)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="subscribers", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["address"],
                "indexes": [
                    models.Index(fields=["page", "state"], name="subscriber_by_state"),
                    models.Index(fields=["page", "address"], name="subscriber_by_address"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "channel", "address_key"), name="subscriber_once_per_page"),
                    models.CheckConstraint(
                        condition=models.Q(("address", ""), _negated=True), name="subscriber_has_an_address"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wants_incidents", True), ("wants_maintenance", True), _connector="OR"),
                        name="subscriber_wants_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "active"), _negated=True),
                            ("confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="subscriber_active_has_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", False), models.Q(("state", "left"), _negated=True), _connector="OR"
                        ),
                        name="subscriber_left_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "disabled"), _negated=True),
                            models.Q(("disabled_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="subscriber_disabled_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("confirmed", "Confirmed by its link"),
                            ("added", "Added by staff, consent on record"),
                            ("imported", "Imported, consent on record"),
                            ("invited", "Invited by staff"),
                            ("chose", "Changed what is followed"),
                            ("paused", "Paused"),
                            ("resumed", "Resumed"),
                            ("moved", "Moved to another address"),
                            ("left", "Left"),
                            ("complained", "Complained"),
                            ("disabled", "Switched off"),
                            ("reactivated", "Switched on again"),
                            ("restored_leave", "Had left, says the suppression journal"),
                            ("rule", "Changed how it may be ended"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(blank=True, max_length=150)),
                ("detail", models.CharField(blank=True, max_length=500)),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="records", to="incidents.subscriber"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["subscriber", "-at"], name="consent_record_newest")],
            },
        ),
        migrations.CreateModel(
            name="SubscriberImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("delimiter", models.CharField(max_length=1)),
                ("has_header", models.BooleanField(default=True)),
                ("mapping", models.JSONField(default=dict)),
                ("evidence", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("looked_at", "Looked at"), ("running", "Under way"), ("done", "Done")],
                        default="looked_at",
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("by_name", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirm", "Confirmation"),
                            ("manage", "Manage link"),
                            ("move", "Confirmation of a new address"),
                        ],
                        max_length=10,
                    ),
                ),
                ("wanted", models.JSONField()),
                ("created_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "moves",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.subscriber",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="incidents.subscriber"
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "indexes": [models.Index(fields=["subscriber", "created_at"], name="request_newest")],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("salt", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("channel", models.CharField(max_length=20)),
                ("subscriber_code", models.CharField(blank=True, max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("left", "Left"),
                            ("complained", "Complained"),
                            ("erased", "Erased"),
                            ("consented", "Agreed again"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("journaled", models.BooleanField(default=True)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="suppressions", to="incidents.page"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("journaled", False)), fields=["at"], name="suppression_unwritten")
                ],
                "constraints": [models.UniqueConstraint(fields=("digest", "page", "salt"), name="suppression_once")],
            },
        ),
        migrations.CreateModel(
            name="TemplateComponent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("operational", "Operational"),
                            ("under_maintenance", "Under maintenance"),
                            ("degraded_performance", "Degraded performance"),
                            ("partial_outage", "Partial outage"),
                            ("major_outage", "Major outage"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="incidents.component"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="components",
                        to="incidents.incidenttemplate",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "component"), name="template_component_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TryTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=64)),
                ("begun_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "begun_at"), name="try_tally_once_per_period")
                ],
            },
        ),
        migrations.CreateModel(
            name="UnmatchedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("count", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="unmatched_texts", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["-count", "-last_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "digest"), name="unmatched_text_once_per_page")
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("beginning", models.CharField(max_length=20)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaced_by",
                        to="incidents.apitoken",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AskTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=64)),
                ("period_starts_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "period_starts_at"), name="ask_tally_once_per_period")
                ],
            },
        ),
        migrations.CreateModel(
            name="Canary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("worker", models.CharField(max_length=255)),
                ("queue", models.CharField(max_length=40)),
                ("heard_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name_plural": "canaries",
                "ordering": ["worker", "queue"],
                "constraints": [models.UniqueConstraint(fields=("worker", "queue"), name="canary_once")],
            },
        ),
        migrations.CreateModel(
            name="ChannelState",
            fields=[
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "Email"),
                            ("webhook", "Webhook"),
                            ("slack", "Slack"),
                            ("teams", "Microsoft Teams"),
                            ("discord", "Discord"),
                            ("google_chat", "Google Chat"),
                            ("mattermost", "Mattermost"),
                            ("telegram", "Telegram"),
                            ("sms", "SMS"),
                        ],
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("last_refusal", models.CharField(blank=True, max_length=500)),
                ("taken_at", models.DateTimeField(null=True)),
                ("permit_until", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("paused_by", models.CharField(blank=True, max_length=150)),
                ("paused_because", models.CharField(blank=True, max_length=500)),
                ("probes", models.PositiveSmallIntegerField(default=0)),
                ("probe_at", models.DateTimeField(null=True)),
                ("rate", models.FloatField(null=True)),
                ("slowed_at", models.DateTimeField(null=True)),
                ("tokens", models.FloatField(default=0)),
                ("tokens_at", models.DateTimeField(null=True)),
                ("down_since", models.DateTimeField(null=True)),
                ("down_because", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["channel"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paused_at__isnull", True),
                            models.Q(("paused_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="channel_paused_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__isnull", True), ("rate__gt", 0), _connector="OR"),
                        name="channel_rate_is_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12, unique=True)),
                ("slug", models.SlugField(max_length=100)),
                ("error_code", models.CharField(max_length=60)),
                ("title", models.CharField(blank=True, max_length=255)),
                ("sentence", models.TextField(blank=True)),
                ("cause", models.TextField(blank=True)),
                ("cause_html", models.TextField(blank=True)),
                ("solution", models.TextField(blank=True)),
                ("solution_html", models.TextField(blank=True)),
                ("messages", models.JSONField(blank=True, default=list)),
                ("providers", models.JSONField(blank=True, default=list)),
                ("retry", models.CharField(blank=True, max_length=5)),
                ("retry_after", models.PositiveIntegerField(blank=True, null=True)),
                ("problem_type", models.CharField(blank=True, max_length=200)),
                ("is_linked_by_rule", models.BooleanField(default=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")], default="draft", max_length=9
                    ),
                ),
                ("reviewed_on", models.DateField(blank=True, null=True)),
                ("review_due_on", models.DateField(blank=True, null=True)),
                ("imported_digest", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("components", models.ManyToManyField(blank=True, related_name="entries", to="incidents.component")),
                ("related", models.ManyToManyField(blank=True, related_name="related_from", to="incidents.entry")),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["error_code", "title", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "slug"), name="entry_slug_once_per_page"),
                    models.CheckConstraint(
                        condition=models.Q(("error_code", ""), _negated=True), name="entry_has_a_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("title", ""), ("cause", ""), ("solution", ""), _connector="OR", _negated=True),
                            _connector="OR",
                        ),
                        name="entry_published_is_finished",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=100)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_slugs", to="incidents.entry"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "slug"), name="entry_former_slug_once_per_page")
                ],
            },
        ),
        migrations.CreateModel(
            name="Freeze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("mail", "Mail"), ("automation", "Automation")], max_length=12)),
                ("reason", models.CharField(max_length=200)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("by_name", models.CharField(max_length=150)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="freezes", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "-begins_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))), name="freeze_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="freeze_has_a_reason"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("page", "kind"),
                        name="freeze_once_per_page_and_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("commander_name", models.CharField(blank=True, max_length=150)),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[("incident", "Incident"), ("maintenance", "Maintenance")],
                        default="incident",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=255)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("suspected", "Suspected"),
                            ("dismissed", "Dismissed"),
                            ("draft", "Draft"),
                            ("public", "Public"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("maintenance", "Maintenance"),
                            ("minor", "Minor"),
                            ("major", "Major"),
                            ("critical", "Critical"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                (
                    "impact_override",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "None"),
                            ("maintenance", "Maintenance"),
                            ("minor", "Minor"),
                            ("major", "Major"),
                            ("critical", "Critical"),
                        ],
                        max_length=12,
                    ),
                ),
                ("backfilled", models.BooleanField(default=False)),
                ("imported_from", models.CharField(blank=True, max_length=255)),
                ("impact_started_at", models.DateTimeField()),
                ("impact_ended_at", models.DateTimeField(blank=True, null=True)),
                ("detected_at", models.DateTimeField(blank=True, null=True)),
                (
                    "detected_by",
                    models.CharField(
                        choices=[
                            ("monitoring", "our monitoring"),
                            ("staff", "our staff"),
                            ("customer", "customers"),
                            ("third_party", "a third party"),
                            ("unknown", "unknown"),
                        ],
                        default="unknown",
                        max_length=12,
                    ),
                ),
                ("customer_noticed_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("first_update_at", models.DateTimeField(blank=True, null=True)),
                ("monitoring_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("scheduled_for", models.DateTimeField(blank=True, null=True)),
                ("scheduled_until", models.DateTimeField(blank=True, null=True)),
                ("auto_start", models.BooleanField(default=False)),
                ("auto_finish", models.BooleanField(default=False)),
                ("sets_components", models.BooleanField(default=True)),
                ("remind_minutes", models.JSONField(blank=True, default=list)),
                ("reminded_minutes", models.JSONField(blank=True, default=list)),
                ("recurrence", models.CharField(blank=True, max_length=255)),
                ("recurs_from", models.DateTimeField(blank=True, null=True)),
                ("series_words", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "commander",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="incidents", to="incidents.page"
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.phase"
                    ),
                ),
            ],
            options={
                "ordering": ["-impact_started_at", "-pk"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["page", "-impact_started_at"], name="incident_newest_first"),
                    models.Index(fields=["page", "resolved_at"], name="incident_by_end"),
                    models.Index(fields=["page", "-created_at"], name="incident_by_creation"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "code"), name="incident_code_once_per_page"),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="incident_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("detected_by__in", ["monitoring", "staff", "customer", "third_party", "unknown"]),
                            ("impact__in", ["none", "maintenance", "minor", "major", "critical"]),
                            ("impact_override__in", ["", "none", "maintenance", "minor", "major", "critical"]),
                            ("kind__in", ["incident", "maintenance"]),
                            ("visibility__in", ["suspected", "dismissed", "draft", "public"]),
                        ),
                        name="incident_words_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resolved_at", None),
                            ("resolved_at__gte", models.F("impact_started_at")),
                            ("kind", "maintenance"),
                            models.Q(("imported_from", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="incident_resolved_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "incident"), ("scheduled_until__gt", models.F("scheduled_for")), _connector="OR"
                        ),
                        name="maintenance_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "incident"),
                            models.Q(("scheduled_for__isnull", False), ("scheduled_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="maintenance_has_a_window",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_name", models.CharField(max_length=150)),
                ("seen_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="presences", to="incidents.incident"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "person"), name="presence_once_per_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReaderReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("device", models.CharField(max_length=64)),
                ("network", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "component",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.component",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="incidents.page"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["page", "at"], name="reader_report_lately"),
                    models.Index(fields=["network", "at"], name="reader_report_of_network"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("component", None), ("incident__isnull", False)),
                            models.Q(("component__isnull", False), ("incident", None)),
                            _connector="OR",
                        ),
                        name="reader_report_is_about_one_thing",
                    ),
                    models.UniqueConstraint(fields=("component", "device"), name="reader_report_once_on_component"),
                    models.UniqueConstraint(fields=("incident", "device"), name="reader_report_once_on_incident"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ended_seq", models.PositiveBigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "component",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.component",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scopes", to="incidents.subscriber"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("component", None), ("incident", None), _connector="OR"),
                        name="scope_is_of_one_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_seq", None), ("incident__isnull", False), _connector="OR"),
                        name="scope_only_incidents_end",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("component", None), ("incident", None)),
                        fields=("subscriber",),
                        name="scope_whole_page_once",
                    ),
                    models.UniqueConstraint(fields=("subscriber", "component"), name="scope_component_once"),
                    models.UniqueConstraint(fields=("subscriber", "incident"), name="scope_incident_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12)),
                ("body", models.TextField()),
                ("html", models.TextField()),
                ("posted_at", models.DateTimeField()),
                ("next_update_due_at", models.DateTimeField(blank=True, null=True)),
                ("notify", models.BooleanField(default=True)),
                ("author_name", models.CharField(max_length=150)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="updates", to="incidents.incident"
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.phase"
                    ),
                ),
            ],
            options={
                "ordering": ["posted_at", "pk"],
                "indexes": [
                    models.Index(fields=["incident", "-posted_at"], name="update_newest_first"),
                    models.Index(fields=["-posted_at"], name="update_newest_of_all"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "code"), name="update_code_once_per_incident"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_update_due_at", None),
                            ("next_update_due_at__gt", models.F("posted_at")),
                            _connector="OR",
                        ),
                        name="update_next_is_due_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField()),
                ("kind", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("actor_name", models.CharField(max_length=150)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("notify", models.BooleanField(default=False)),
                ("payload", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("request_key", models.CharField(blank=True, max_length=100)),
                ("request_fingerprint", models.CharField(blank=True, max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="incidents.page"
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="events",
                        to="incidents.update",
                    ),
                ),
            ],
            options={
                "ordering": ["page", "seq"],
                "indexes": [models.Index(fields=["subject_kind", "subject_id"], name="event_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "seq"), name="event_seq_once_per_page"),
                    models.UniqueConstraint(
                        condition=models.Q(("request_key", ""), _negated=True),
                        fields=("page", "request_key"),
                        name="event_request_key_once_per_page",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Postmortem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("draft", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("ready_by_name", models.CharField(blank=True, max_length=150)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="postmortem", to="incidents.incident"
                    ),
                ),
                (
                    "update",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postmortem",
                        to="incidents.update",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None), models.Q(("body", ""), _negated=True), _connector="OR"
                        ),
                        name="postmortem_published_has_text",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500)),
                ("owner", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_progress", "In progress"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=255)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("is_public", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="incidents.postmortem"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="action_has_a_text"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="action_dropped_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "old",
                    models.CharField(
                        choices=[
                            ("operational", "Operational"),
                            ("under_maintenance", "Under maintenance"),
                            ("degraded_performance", "Degraded performance"),
                            ("partial_outage", "Partial outage"),
                            ("major_outage", "Major outage"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "new",
                    models.CharField(
                        choices=[
                            ("operational", "Operational"),
                            ("under_maintenance", "Under maintenance"),
                            ("degraded_performance", "Degraded performance"),
                            ("partial_outage", "Partial outage"),
                            ("major_outage", "Major outage"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=150)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="status_changes",
                        to="incidents.component",
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="status_changes",
                        to="incidents.update",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["component", "at"], name="status_change_in_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("old", models.F("new")), _negated=True), name="status_change_changes"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "new__in",
                                [
                                    "operational",
                                    "under_maintenance",
                                    "degraded_performance",
                                    "partial_outage",
                                    "major_outage",
                                ],
                            ),
                            (
                                "old__in",
                                [
                                    "operational",
                                    "under_maintenance",
                                    "degraded_performance",
                                    "partial_outage",
                                    "major_outage",
                                ],
                            ),
                        ),
                        name="status_change_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("title", "Title"), ("update", "Update"), ("postmortem", "Postmortem")], max_length=10
                    ),
                ),
                ("language", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("author_name", models.CharField(max_length=150)),
                ("updated_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="incidents.incident",
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="incidents.update",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("update", None)),
                        fields=("incident", "kind", "language"),
                        name="translation_once_per_incident",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("update", None), _negated=True),
                        fields=("update", "language"),
                        name="translation_once_per_update",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "update"), ("update__isnull", False)),
                            models.Q(models.Q(("kind", "update"), _negated=True), ("update", None)),
                            _connector="OR",
                        ),
                        name="translation_has_its_update",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="translation_has_a_text"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UpdateRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField()),
                ("html", models.TextField()),
                ("posted_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField()),
                ("replaced_by_name", models.CharField(max_length=150)),
                (
                    "phase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.phase"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="incidents.update"
                    ),
                ),
            ],
            options={
                "ordering": ["replaced_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WindowMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_starts_at", models.DateTimeField()),
                ("old_ends_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=150)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "maintenance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="window_moves",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("old_ends_at__gt", models.F("old_starts_at"))),
                        name="window_ended_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ComponentChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "old",
                    models.CharField(
                        choices=[
                            ("operational", "Operational"),
                            ("under_maintenance", "Under maintenance"),
                            ("degraded_performance", "Degraded performance"),
                            ("partial_outage", "Partial outage"),
                            ("major_outage", "Major outage"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "new",
                    models.CharField(
                        choices=[
                            ("operational", "Operational"),
                            ("under_maintenance", "Under maintenance"),
                            ("degraded_performance", "Degraded performance"),
                            ("partial_outage", "Partial outage"),
                            ("major_outage", "Major outage"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="incidents.component"
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="component_changes",
                        to="incidents.update",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("update", "component"), name="component_change_once_per_update"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "new__in",
                                [
                                    "operational",
                                    "under_maintenance",
                                    "degraded_performance",
                                    "partial_outage",
                                    "major_outage",
                                ],
                            ),
                            (
                                "old__in",
                                [
                                    "operational",
                                    "under_maintenance",
                                    "degraded_performance",
                                    "partial_outage",
                                    "major_outage",
                                ],
                            ),
                        ),
                        name="component_change_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FanOut",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="fan_out",
                        serialize=False,
                        to="incidents.event",
                    ),
                ),
                ("recipients", models.PositiveIntegerField()),
                ("expanded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("held_at", models.DateTimeField(null=True)),
                ("held_because", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["event"],
                "indexes": [
                    models.Index(condition=models.Q(("refusals__gt", 0)), fields=["event"], name="fan_out_refused"),
                    models.Index(fields=["expanded_at"], name="fan_out_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("report", "Report"),
                            ("update", "Update"),
                            ("schedule", "Maintenance"),
                            ("start", "Start"),
                            ("finish", "End"),
                            ("cancel", "Cancellation"),
                            ("move", "Move"),
                            ("postmortem", "Postmortem"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asking", "Waits for a second person"),
                            ("waiting", "Leaves at its time"),
                            ("published", "Published"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("arguments", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("request_key", models.CharField(max_length=100)),
                ("request_fingerprint", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=150)),
                ("held_at", models.DateTimeField()),
                ("release_at", models.DateTimeField(null=True)),
                ("recipients", models.PositiveIntegerField(default=0)),
                ("reach", models.JSONField(default=dict)),
                ("draft_code", models.CharField(blank=True, max_length=12)),
                ("draft_fields", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held_posts",
                        to="incidents.incident",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="held_posts", to="incidents.page"
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="incidents.update"
                    ),
                ),
            ],
            options={
                "ordering": ["held_at", "pk"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["release_at"], name="held_post_due"),
                    models.Index(
                        condition=models.Q(("state", "published"), _negated=True),
                        fields=["page"],
                        name="held_post_pending",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("page", "request_key"), name="held_post_once_per_request"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waiting"), _negated=True),
                            ("release_at__isnull", False),
                            _connector="OR",
                        ),
                        name="held_post_waits_for_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("causes", "Causes it"), ("unrelated", "Has nothing to do with it")], max_length=9
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="incidents.entry"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entry_links", to="incidents.incident"
                    ),
                ),
            ],
            options={
                "ordering": ["-said_at"],
                "constraints": [models.UniqueConstraint(fields=("entry", "incident"), name="entry_link_once")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=incidents.lib.codes.new_code, max_length=12)),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("report", "Report"),
                            ("update", "Update"),
                            ("schedule", "Maintenance"),
                            ("start", "Start"),
                            ("finish", "End"),
                            ("cancel", "Cancellation"),
                            ("move", "Move"),
                            ("postmortem", "Postmortem"),
                        ],
                        default="report",
                        max_length=12,
                    ),
                ),
                ("fields", models.JSONField(default=dict)),
                ("refusal", models.CharField(blank=True, max_length=500)),
                ("saved_at", models.DateTimeField()),
                ("saved_by_name", models.CharField(max_length=150)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="incidents.incident",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="incidents.page"
                    ),
                ),
            ],
            options={
                "ordering": ["-saved_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("page", "code"), name="draft_code_once_per_page")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField(default=0)),
                ("component", models.CharField(blank=True, default="", max_length=12)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "Email"),
                            ("webhook", "Webhook"),
                            ("slack", "Slack"),
                            ("teams", "Microsoft Teams"),
                            ("discord", "Discord"),
                            ("google_chat", "Google Chat"),
                            ("mattermost", "Mattermost"),
                            ("telegram", "Telegram"),
                            ("sms", "SMS"),
                        ],
                        default="email",
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirm", "Confirmation"),
                            ("manage_link", "Manage link"),
                            ("incident_opened", "Incident opened"),
                            ("incident_updated", "Incident update"),
                            ("incident_resolved", "Incident resolved"),
                            ("maintenance_planned", "Maintenance planned"),
                            ("maintenance_reminder", "Maintenance reminder"),
                            ("maintenance_started", "Maintenance started"),
                            ("maintenance_updated", "Maintenance update"),
                            ("maintenance_completed", "Maintenance completed"),
                            ("maintenance_moved", "Maintenance moved"),
                            ("maintenance_cancelled", "Maintenance cancelled"),
                            ("postmortem", "Postmortem"),
                            ("correction", "Correction"),
                            ("digest", "Digest"),
                            ("probe", "Question whether the mailbox still works"),
                            ("alarm", "Alarm to staff"),
                            ("component_changed", "Component changed"),
                            ("endpoint_failing", "Endpoint fails"),
                            ("endpoint_off", "Endpoint switched off"),
                        ],
                        max_length=30,
                    ),
                ),
                ("address", models.CharField(max_length=2048)),
                ("message_id", models.CharField(max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("leased", "Being sent"),
                            ("retrying", "Will be tried again"),
                            ("held", "Held for a digest"),
                            ("sent", "Sent"),
                            ("bounced", "Bounced"),
                            ("failed", "Failed"),
                            ("superseded", "Overtaken by a newer update"),
                            ("suppressed", "Unsubscribed before it was sent"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                (
                    "lane",
                    models.PositiveSmallIntegerField(choices=[(0, "Consent"), (1, "News"), (2, "Retry")], default=1),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("refusals", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("lost", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("unanswered", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("lease", models.CharField(blank=True, max_length=32)),
                ("lease_until", models.DateTimeField(null=True)),
                ("next_try_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("last_answer", models.CharField(blank=True, max_length=500)),
                ("fault", models.CharField(blank=True, default="", max_length=20)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "alarm",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="incidents.alarm",
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="members",
                        to="incidents.delivery",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="incidents.event",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="incidents.incident",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="incidents.page",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="incidents.subscriber",
                    ),
                ),
                (
                    "subscription_request",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="incidents.subscriptionrequest",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "retrying"))),
                        fields=["channel", "lane", "next_try_at", "id"],
                        name="delivery_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("lease", ""), _negated=True),
                        fields=["lease", "lease_until"],
                        name="delivery_leased",
                    ),
                    models.Index(
                        condition=models.Q(("subscription_request__isnull", False)),
                        fields=["subscription_request"],
                        name="delivery_of_request",
                    ),
                    models.Index(
                        condition=models.Q(("alarm__isnull", False)), fields=["alarm"], name="delivery_of_alarm"
                    ),
                    models.Index(
                        condition=models.Q(("digest__isnull", False)), fields=["digest"], name="delivery_in_digest"
                    ),
                    models.Index(condition=models.Q(("state", "held")), fields=["next_try_at"], name="delivery_held"),
                    models.Index(fields=["incident", "subscriber", "seq"], name="delivery_by_incident"),
                    models.Index(fields=["page", "-created_at"], name="delivery_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "subscriber", "channel", "component"), name="delivery_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("event__isnull", False),
                            ("subscription_request__isnull", False),
                            ("alarm__isnull", False),
                            ("kind__in", ("probe", "endpoint_failing", "endpoint_off")),
                            _connector="OR",
                        ),
                        name="delivery_has_a_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="delivery_sent_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "leased"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_leased_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Affected",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "worst",
                    models.CharField(
                        choices=[
                            ("operational", "Operational"),
                            ("under_maintenance", "Under maintenance"),
                            ("degraded_performance", "Degraded performance"),
                            ("partial_outage", "Partial outage"),
                            ("major_outage", "Major outage"),
                        ],
                        default="operational",
                        max_length=20,
                    ),
                ),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="affected", to="incidents.component"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="affected", to="incidents.incident"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "component"), name="affected_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "worst__in",
                                [
                                    "operational",
                                    "under_maintenance",
                                    "degraded_performance",
                                    "partial_outage",
                                    "major_outage",
                                ],
                            )
                        ),
                        name="affected_worst_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Maintenance",
            fields=[],
            options={
                "proxy": True,
            },
            bases=("incidents.incident",),
        ),
        migrations.CreateModel(
            name="Suspicion",
            fields=[],
            options={
                "proxy": True,
            },
            bases=("incidents.incident",),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "Viewer"),
                            ("responder", "Responder"),
                            ("editor", "Editor"),
                            ("owner", "Owner"),
                        ],
                        max_length=20,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("components", models.ManyToManyField(blank=True, related_name="+", to="incidents.component")),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="incidents.page",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "Viewer"),
                            ("responder", "Responder"),
                            ("editor", "Editor"),
                            ("owner", "Owner"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("components", models.ManyToManyField(blank=True, related_name="+", to="incidents.component")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="incidents.page",
                    ),
                ),
            ],
            options={
                "ordering": ["user__username", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "page"), name="membership_once_per_page"),
                    models.UniqueConstraint(
                        condition=models.Q(("page", None)), fields=("user",), name="membership_once_for_every_page"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MutedIncident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="incidents.incident"
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="muted", to="incidents.subscriber"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("subscriber", "incident"), name="muted_incident_once")],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="publication",
                        serialize=False,
                        to="incidents.page",
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(default=0)),
                ("generation", models.PositiveBigIntegerField(default=0)),
                ("made_at", models.DateTimeField(null=True)),
                ("clock_at", models.DateTimeField(null=True)),
                ("swept_until", models.DateTimeField(null=True)),
                ("maker", models.CharField(default="", max_length=32)),
                ("maker_seen_at", models.DateTimeField(null=True)),
                ("stray", models.PositiveBigIntegerField(null=True)),
            ],
        ),
    ]
