"""`manage.py seed`: what stands in the database afterwards, once, twice, and when refused."""

import hashlib
import stat
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models

from inmates.models import PayrollRun
from portal.accounts.enums import Role
from portal.accounts.models import Organisation, RoleGrant, User
from portal.demo import build, users
from portal.demo.organisations import make_organisations
from portal.demo.rates import calculated_month

TODAY = date(2026, 11, 22)
PEOPLE = 60
# What a second demo may have otherwise: secrets, ciphertext, the clock of the machine, the queue,
# the unguessable name of a stored file.
NOT_BUSINESS = {
    "password",
    "iin",
    "full_name",
    "iin_hmac",
    "key",
    "created_at",
    "last_login",
    "file",
    # Stamped by the database itself, in a trigger.
    "inmates_backdatedchange.changed_at",
    # The code of a batch card cannot be guessed, so it is never the same.
    "workshops_batchcard.code",
}
NOT_TABLES = {"kernel_taskrun", "kernel_numberseries", "orders_basket", "account_emailaddress"}


@pytest.fixture(autouse=True)
def accounts(tmp_path, monkeypatch):
    path = tmp_path / "demo-accounts.tsv"
    monkeypatch.setattr(users, "accounts_file", lambda: path)
    monkeypatch.setattr("portal.demo.management.commands.seed.accounts_file", lambda: path)
    return path


@pytest.fixture
def demo(db):
    build.build_demo(today=TODAY, people=PEOPLE)


def fingerprint() -> dict[str, str]:
    """A hash of the rows of each table of the domain."""
    digests = {}
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        table = model._meta.db_table
        if model._meta.app_label in ("contenttypes", "auth", "sessions") or table in NOT_TABLES:
            continue
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if not isinstance(field, models.ForeignKey)
            and not field.primary_key
            and NOT_BUSINESS.isdisjoint((field.name, f"{table}.{field.name}"))
            and not (field.name.endswith("_id"))
        ]
        query = model._base_manager.all()
        rows = sorted(map(repr, query.values_list(*fields))) if fields else query.count()
        digests[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return digests


def test_every_role_has_an_account_that_can_sign_in(demo, accounts):
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role.values)
    lines = [line.split("\t") for line in accounts.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == User.objects.count()
    for role, email, password in lines:
        assert role
        assert email.endswith("@demo.example")
        assert User.objects.get(email=email).check_password(password)


def test_accounts_file_is_readable_by_its_owner_alone(demo, accounts):
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600


@pytest.mark.django_db
def test_second_demo_is_the_same(accounts):
    """Both on a cleared database: keys count from 1, so what is named by a key is compared too."""
    build.build_demo(today=TODAY, people=PEOPLE, is_fresh=True)
    first, passwords = fingerprint(), accounts.read_text(encoding="utf-8")
    build.build_demo(today=TODAY, people=PEOPLE, is_fresh=True)
    assert fingerprint() == first
    assert accounts.read_text(encoding="utf-8") != passwords


@pytest.mark.django_db
def test_seed_leaves_data_alone(accounts):
    make_organisations()
    before, out = fingerprint(), StringIO()
    call_command("seed", stdout=out)
    assert "nothing done" in out.getvalue()
    assert fingerprint() == before
    assert not accounts.exists()


@pytest.mark.django_db
def test_fresh_is_refused_where_a_database_is_named(settings):
    settings.IS_DEPLOYED = True
    make_organisations()
    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("seed", "--fresh")
    assert Organisation.objects.exists()


@pytest.mark.django_db
def test_fresh_builds_anew_and_says_of_whom_the_rate_is(settings, accounts):
    settings.IS_DEPLOYED = True
    make_organisations()
    out = StringIO()
    call_command("seed", "--fresh", "--i-know-what-i-do", "--people", "60", stdout=out)
    assert "able-bodied" in out.getvalue()
    assert accounts.exists()


# New year, a Sunday, days after a month whose end or beginning is a day off, a leap day.
DAYS = [
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 1, 5),
    date(2027, 1, 31),
]
# The law of 2026 still pays the month before January: its wages stand, those of January do not.
LATER_DAYS = [
    (date(2027, 2, 28), {date(2026, 12, 1)}, "no wages from 2027-01 on"),
    (date(2027, 3, 1), set(), "no wages from 2027-01 on"),
    (date(2028, 2, 29), set(), "no wages from 2027-12 on"),
    (date(2028, 6, 4), set(), "no wages from 2028-04 on"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_demo_of_another_day_stands_too(today):
    build.build_demo(today=today, people=PEOPLE)
    with connection.cursor() as cursor:  # foreign keys wait for a commit that a test never makes
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    last = calculated_month(today)
    assert set(PayrollRun.objects.values_list("month", "status")) == {
        (last.previous().first_day, "paid"),
        (last.first_day, "calculated"),
        (last.first_day, "paid"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "paid_months", "told"), LATER_DAYS, ids=[str(row[0]) for row in LATER_DAYS]
)
def test_demo_of_a_year_without_a_law_has_no_wages_of_it_and_says_so(today, paid_months, told):
    said = []
    build.build_demo(today=today, people=PEOPLE, say=said.append)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert set(PayrollRun.objects.values_list("month", flat=True)) == paid_months
    assert set(PayrollRun.objects.values_list("status", flat=True)) <= {"paid"}
    assert any(told in line for line in said)


@pytest.mark.django_db
def test_too_small_a_demo_is_refused():
    with pytest.raises(CommandError, match="50"):
        call_command("seed", "--people", "10")


@pytest.mark.django_db
def test_interrupted_seed_leaves_nothing(monkeypatch, accounts):
    def fail(*_args):
        raise RuntimeError("killed")

    monkeypatch.setattr(build, "calculate_wages", fail)
    with pytest.raises(RuntimeError, match="killed"):
        build.build_demo(today=TODAY, people=60)
    assert build.is_empty()
    assert not accounts.exists()


def test_print_accounts(demo, accounts):
    out = StringIO()
    call_command("seed", "--print-accounts", stdout=out)
    assert out.getvalue() == accounts.read_text(encoding="utf-8")


def test_print_accounts_without_a_demo_is_no_error(accounts):
    out, err = StringIO(), StringIO()
    call_command("seed", "--print-accounts", stdout=out, stderr=err)
    assert out.getvalue() == ""
    assert "no demo accounts" in err.getvalue()
