"""Fields that take what people type, and the one crispy helper of all forms.

One column, label above, hint below the label, errors under the field and in a summary above,
optional fields marked, buttons at the left with the main act first.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel.identifiers import (
    check_bin,
    check_iban,
    check_iin,
    check_iin_or_bin,
    clean_identifier,
)
from portal.kernel.money import NBSP
from portal.kernel.text import number

Text = str | Promise
# Digits with one comma or point, spaces of any kind between the thousands.
NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+", re.ASCII)
SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}_']")
PHONE = re.compile(r"\+?(?:[-().]*\d){10,15}[-().]*", re.ASCII)
MINUSES = str.maketrans({"\N{MINUS SIGN}": "-", ",": "."})

DAY_FORMATS = ("%d.%m.%Y", "%Y-%m-%d")
# A year of these is meant; 0202 is a slip of the hand, 9999 has no day after its last.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


def clean_number(typed: str) -> str:
    """The number as Python reads it, or what was typed if it is not a number."""
    bare = SPACES.sub("", typed).translate(MINUSES)
    return bare if NUMBER.fullmatch(bare) else typed


def _number_or_refusal(field: forms.Field, typed: Any) -> Any:
    """What people write as a number; Python alone would read 1e9 as a thousand million."""
    if not isinstance(typed, str) or not typed:
        return typed
    clean = clean_number(typed)
    if not NUMBER.fullmatch(clean):
        raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
    return clean


class DecimalInput(forms.TextInput):
    """A text field with a number pad: `type=number` refuses a comma and a no-break space."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """A number with a comma and no-break spaces; what was typed wrongly stays as typed."""
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return formats.localize_input(value).replace(" ", NBSP)
        return super().format_value(value)


class _OneRefusal:
    """A number wrong in two ways is refused once, and its limit is written as people read it."""

    def run_validators(self, value: Any) -> None:
        try:
            super().run_validators(value)  # type: ignore[misc]  # of the field beside it
        except forms.ValidationError as wrong:
            first = wrong.error_list[0]
            params = first.params or {}
            limit = params.get("limit_value")
            if isinstance(limit, Decimal | int):
                first.params = {**params, "limit_value": number(limit)}
            raise first from None


class ExactDecimalFormField(_OneRefusal, forms.DecimalField):
    """A decimal typed with comma or point and any spaces; no float ever."""

    widget = DecimalInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DecimalInput)
        super().__init__(**kwargs)
        self.localize = False

    def to_python(self, value: Any) -> Any:
        return super().to_python(_number_or_refusal(self, value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No min, max and step: those belong to `type=number`."""
        return {}


class MoneyFormField(ExactDecimalFormField):
    """A sum in tenge and tiyn, not negative unless told otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("min_value", Decimal("0"))
        super().__init__(**kwargs)


class WholeNumberField(_OneRefusal, forms.IntegerField):
    """A count typed with any spaces, in a text field with a number pad."""

    widget = DecimalInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DecimalInput({"inputmode": "numeric"}))
        super().__init__(**kwargs)
        self.localize = False

    def to_python(self, value: Any) -> int | None:
        return super().to_python(_number_or_refusal(self, value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class _IdentifierField(forms.CharField):
    """An identifier typed with or without spaces and dashes."""

    attrs = {"inputmode": "numeric", "autocomplete": "off"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(dict(self.attrs)))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return clean_identifier(super().to_python(value) or "")


class IinField(_IdentifierField):
    default_validators = [check_iin]


class BinField(_IdentifierField):
    default_validators = [check_bin]


class IinBinField(_IdentifierField):
    """BIN of an organisation or IIN of an individual entrepreneur."""

    default_validators = [check_iin_or_bin]


class IbanField(_IdentifierField):
    attrs = {"autocomplete": "off", "autocapitalize": "characters"}
    default_validators = [check_iban]


class PhoneField(forms.CharField):
    """A telephone number as people write it: ten to fifteen digits with signs between them."""

    default_error_messages = {
        "phone": _("Enter a phone number with its code, such as +7 701 123 45 67.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"type": "tel", "autocomplete": "tel"}))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        phone = str(super().clean(value))
        if phone and not PHONE.fullmatch(SPACES.sub("", phone)):
            raise forms.ValidationError(self.error_messages["phone"], code="phone")
        return phone


class DayField(forms.DateField):
    """A day, typed and shown as 22.11.2026; the ISO form is taken too.

    A text field: the browser's own calendar would write the date in the browser's language.
    A year nobody means is refused: `min_year` and later, up to `LATEST_YEAR`.
    """

    def __init__(self, *, min_year: int = EARLIEST_YEAR, **kwargs: Any) -> None:
        self.min_year = min_year
        kwargs.setdefault("input_formats", DAY_FORMATS)
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                {"inputmode": "numeric", "placeholder": "31.12.2026", "autocomplete": "off"},
                format=DAY_FORMATS[0],
            ),
        )
        kwargs.setdefault(
            "error_messages", {"invalid": _("There is no such day. Write it as 31.12.2026.")}
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not self.min_year <= day.year <= LATEST_YEAR:
            raise forms.ValidationError(
                _("Check the year: %(year)s."), params={"year": f"{day.year:04}"}, code="year"
            )
        return day


class _Part:
    """A piece of our own around the fields, drawn from a template of `components/`."""

    def __init__(self, template: str, **context: Any) -> None:
        self.template = template
        self.context = context

    def render(self, form: forms.BaseForm, context: Any, **kwargs: Any) -> str:
        return render_to_string(self.template, {"form": form, **self.context})


def page_helper(
    form: forms.BaseForm,
    submit_label: Text,
    *,
    cancel_url: str = "",
    cancel_label: Text = "",
    action: str = "",
    method: str = "post",
    layout: Layout | None = None,
    submit_class: str = "btn-primary",
    is_sent_once: bool = False,
) -> FormHelper:
    """Give the form its helper and return it: `{% crispy form %}` then draws the whole of it.

    `layout` orders the fields (crispy objects, `fields_part`) where the plain order is not enough.
    `is_sent_once` names the submission for a view that carries `@once`.
    """
    helper = FormHelper()
    helper.form_method = method
    helper.form_action = action
    helper.attrs = {"novalidate": "novalidate"}
    helper.field_template = "components/_form_field.html"
    # The summary above and the field template draw the errors; crispy would draw them again.
    helper.form_show_errors = False
    body = list(layout) if layout is not None else list(form.fields)
    helper.layout = Layout(
        _Part("components/_form_errors.html"),
        *body,
        _Part(
            "components/_form_buttons.html",
            submit_label=submit_label,
            submit_class=submit_class,
            cancel_url=cancel_url,
            cancel_label=cancel_label or _("Cancel"),
        ),
    )
    if is_sent_once:
        helper.layout.append(HTML("{% load portal_outbox %}{% submission %}"))
    helper.render_hidden_fields = True
    form.helper = helper  # type: ignore[attr-defined] # where crispy looks for it
    return helper


def fields_part(html: str) -> HTML:
    """A heading or a note between fields, as a template string."""
    return HTML(html)
