"""Tests of what follows the wages of a month: totals, certificates, notices, who leaves."""
