"""Demo accounts: users with roles, and the file with their passwords, made anew each time."""

import os
import secrets
from datetime import date
from pathlib import Path

from allauth.account.models import EmailAddress

from portal import embedded
from portal.accounts.models import FirstSignature, Membership, Organisation, RoleGrant, User
from portal.demo.organisations import LONG_AGO
from portal.demo.sources import read_data

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 3, 5


def accounts_file() -> Path:
    """Where the accounts are kept: outside the repository, readable by the owner alone."""
    return embedded.data_folder() / "demo-accounts.tsv"


def email_of(code: str) -> str:
    """The e-mail of an account; nobody can receive mail there (RFC 2606)."""
    return f"{code}@demo.example"


def make_users(organisations: dict[str, Organisation]) -> tuple[dict[str, User], str]:
    """Users by code, and the lines of the accounts file: role, e-mail, password."""
    users, lines = {}, []
    for row in read_data("accounts")["rows"]:
        email, password = email_of(row["code"]), _password()
        user = User.objects.create_user(email, password, full_name=f"{row['name']} (демо)")
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        organisation = organisations[row["organisation"]]
        membership = Membership.objects.create(
            user=user,
            organisation=organisation,
            position=row["position"],
            effective_from=LONG_AGO,
        )
        for role in row["roles"]:
            RoleGrant.objects.create(membership=membership, role=role, effective_from=LONG_AGO)
        if "first_signature" in row:
            _give_first_signature(organisation, user, row["first_signature"], LONG_AGO)
        users[row["code"]] = user
        lines.append(f"{row['role_ru']}\t{email}\t{password}\n")
    return users, "".join(lines)


def _give_first_signature(
    organisation: Organisation, holder: User, basis: str, begin: date
) -> None:
    FirstSignature.objects.create(
        organisation=organisation, holder=holder, basis=basis, effective_from=begin
    )


def _password() -> str:
    """Such as k7m3p-x2h9d-r4t8v: long enough, and easy to type from a screen."""
    return "-".join(
        "".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(GROUPS)
    )


def write_accounts(lines: str) -> Path:
    """Replace the accounts file as a whole; nobody but its owner can ever read it."""
    path = accounts_file()
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(lines)
    fresh.replace(path)
    return path
