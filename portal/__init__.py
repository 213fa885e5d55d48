"""The portal: settings, kernel, accounts, documents, reports and the pages without a domain."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
