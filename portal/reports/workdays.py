"""The calendar lives in the kernel; what was imported from here still is."""

from portal.kernel.workdays import is_workday

__all__ = ["is_workday"]
