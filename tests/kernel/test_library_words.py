"""What the libraries say to a Kazakh or Russian reader: no sentence is left in English."""

from pathlib import Path

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import ngettext, pgettext

from portal.kernel import catalogue

FIELDS = [
    forms.CharField,
    forms.IntegerField,
    forms.DecimalField,
    forms.DateField,
    forms.DateTimeField,
    forms.TimeField,
    forms.EmailField,
    forms.UUIDField,
    forms.FileField,
    forms.ImageField,
    forms.ChoiceField,
    forms.JSONField,
]
# Letters that only Kazakh has: a Russian sentence shown to a Kazakh reader has none of them.
KAZAKH_ONLY = set("әғқңөұүһі")


def is_english(text: str) -> bool:
    words = "".join(char if char.isalpha() else " " for char in text).split()
    known = {"URL", "UUID", "JSON", "IP", "QR"}
    return any(word.isascii() for word in words if word not in known)


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("field", FIELDS)
def test_errors_of_form_fields_are_translated(language, field):
    with translation.override(language):
        for code, message in field().error_messages.items():
            bare = str(message)
            for name in ("max", "length", "value", "min_days", "max_days", "limit_value"):
                bare = bare.replace(f"%({name})s", "").replace(f"%({name})d", "")
                bare = bare.replace(f"{{{name}}}", "")
            if code != "overflow":
                assert not is_english(bare), (field, code, bare)


@pytest.mark.parametrize(
    ("language", "word"), [("ru", "Обязательное поле."), ("kk", "Бұл өрісті толтыру қажет.")]
)
def test_a_required_field_says_so(language, word):
    with translation.override(language), pytest.raises(ValidationError) as caught:
        forms.CharField().clean("")
    with translation.override(language):
        assert caught.value.messages == [word]


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("password", ["short", "12345678901", "password123"])
def test_weak_passwords_are_refused_in_words(language, password):
    with translation.override(language):
        with pytest.raises(ValidationError) as caught:
            validate_password(password)
        assert not any(is_english(sentence) for sentence in caught.value.messages)
        assert not any(is_english(sentence) for sentence in password_validators_help_texts())


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("adapter", [DefaultAccountAdapter, DefaultMFAAdapter])
def test_messages_of_sign_in_are_translated(language, adapter):
    # What these say belongs to parts that are switched off: names, phones, keys.
    off = ("username", "phone", "rate_limited_phone")
    with translation.override(language):
        for code, message in adapter.error_messages.items():
            if not any(word in code for word in off):
                assert not is_english(str(message).replace("%d", "")), code


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(1, "Кемінде 1 таңба болуы керек (қазір 0)."), (5, "Кемінде 5 таңба болуы керек (қазір 0).")],
)
def test_kazakh_nouns_stay_singular_after_a_number(number, sentence):
    with translation.override("kk"):
        said = ngettext(
            "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
            number,
        )
    assert said % {"limit_value": number, "show_value": 0} == sentence


def test_kazakh_months_are_written_small():
    with translation.override("kk"):
        assert pgettext("alt. month", "November") == "қараша"


def test_every_word_of_the_list_is_in_both_catalogues():
    path = Path(settings.BASE_DIR) / "portal/kernel/library_words.py"
    wanted = {
        (context, msgid if isinstance(msgid, str) else msgid[0])
        for msgid, context in catalogue.messages_in(path)
    }
    assert len(wanted) > 250
    for language in catalogue.LANGUAGES:
        stored = catalogue.read_catalogue(Path(settings.LOCALE_PATHS[0]), language)
        missing = [
            msgid
            for context, msgid in wanted
            if not any(stored.get(msgid, context=context).string or "")
        ]
        assert missing == []


def test_kazakh_of_the_libraries_is_not_russian():
    """Long sentences without one Kazakh letter would be Russian left in the wrong place."""
    stored = catalogue.read_catalogue(Path(settings.LOCALE_PATHS[0]), "kk")
    path = Path(settings.BASE_DIR) / "portal/kernel/library_words.py"
    for msgid, context in catalogue.messages_in(path):
        key = msgid if isinstance(msgid, str) else msgid[0]
        text = "".join(stored.get(key, context=context).string)
        if len(text) > 40:
            assert KAZAKH_ONLY & set(text.lower()), text
