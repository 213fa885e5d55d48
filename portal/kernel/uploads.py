"""What may be uploaded: the kinds of files and their limits; checked by content, never by name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """Kinds of files that are known by their content."""

    PDF = "pdf", _("PDF")
    PNG = "png", _("PNG picture")
    JPEG = "jpeg", _("JPEG picture")
    WEBP = "webp", _("WebP picture")
