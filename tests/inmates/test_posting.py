"""Approval, posting and payment of a run, as stories."""

import pytest
from decimal import Decimal
from inmates.models import *
from inmates.models import Posting, LedgerAccount
from tests.inmates.books import *
from tests.inmates.months import a_worker, a_writ
from tests.people import Cast


def test_story(pay: Cast) -> None:
    first_signature(pay)
    one = a_worker(pay)
    a_writ(one, "A-1", share_numerator=1, share_denominator=4)
    a_worker(pay, "1649", 10)
    run = posted(pay)
    assert run.status == "approved", run.status
    for p in Posting.objects.select_related("account"):
        print(p.entry_id, p.account.kind, p.account.code, p.code, p.debit, p.credit)
    assert check_books() == []
    run = paid(pay, run)
    assert run.status == "paid"
    assert check_books() == []
