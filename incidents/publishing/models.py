"""What was published: documents as bytes, and how far each page has got."""

from django.db import models

from incidents.timeline.models import Page


class Publication(models.Model):
    """How far a page is published. Its row is what other web nodes look at, once a second.

    `generation` counts publishings, also those only the clock asked for; `seq` is the last event
    whose documents are all published.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="publication")
    seq = models.PositiveBigIntegerField(default=0)
    generation = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    clock_at = models.DateTimeField(null=True)
    """Until when the words that depend on the present are right."""
    swept_until = models.DateTimeField(null=True)
    """Until when one node holds the lease of bringing this page up to date."""
    maker = models.CharField(max_length=32, default="")
    """With what its documents are to be made (maker.py): that of the release which was started last."""
    maker_seen_at = models.DateTimeField(null=True)
    """When a web node of that release last ran."""
    stray = models.PositiveBigIntegerField(null=True)
    """The newest generation in which a process of another release made documents; None once all are made again."""

    def __str__(self) -> str:
        return f"generation {self.generation}, event {self.seq}"


class Document(models.Model):
    """One public document, ready to be sent. A document that is gone keeps its row, so that nodes learn of it."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="documents")
    path = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    headers = models.JSONField(default=list)
    """Pairs of name and value beyond the usual headers."""
    body = models.BinaryField()
    brotli = models.BinaryField()
    gzip = models.BinaryField()
    etag = models.CharField(max_length=64)
    page_seq = models.PositiveBigIntegerField()
    generation = models.PositiveBigIntegerField()
    """The publishing in which these bytes came."""
    made_with = models.CharField(max_length=32, default="")
    """The newest fingerprint (maker.py) that is known to give these bytes."""
    made_at = models.DateTimeField()
    is_gone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "path"], name="document_once_per_path")]
        indexes = [models.Index(fields=["page", "generation"], name="document_newest")]

    def __str__(self) -> str:
        return self.path
