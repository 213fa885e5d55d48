"""The cast as people who really sign in: passwords as a deployment keeps them."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import override_settings

from portal.accounts.models import User
from tests.people import PASSWORD
from tests.processes import Caller, Web

ARGON = "django.contrib.auth.hashers.Argon2PasswordHasher"


def let_in(*users: User) -> None:
    """Give them a password that production accepts, and a confirmed address."""
    from allauth.account.models import EmailAddress

    with override_settings(PASSWORD_HASHERS=[ARGON, *settings.PASSWORD_HASHERS]):
        password = make_password(PASSWORD)
    for user in users:
        User.objects.filter(pk=user.pk).update(password=password)
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )


def signed_in(web: Web, user: User) -> Caller:
    """Through the form, as everybody."""
    let_in(user)
    caller = web.caller()
    answer = caller.sign_in(user.email, PASSWORD)
    assert answer.status == 302, answer.text
    assert "sessionid" in caller.cookies
    return caller
