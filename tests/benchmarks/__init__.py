"""Measures the portal against the promises of speed: `make bench` (portal/docs/performance.md)."""
