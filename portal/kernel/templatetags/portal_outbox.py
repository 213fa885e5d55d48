"""What the slow line needs in pages: a submission's name, and counted sentences for the script.

`submission` stands inside a form whose view carries `@once`; `outbox_counts` in
`components/_outbox.html`.
"""

import uuid
from collections.abc import Callable

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from portal.kernel.once import FIELD, submission_key

register = template.Library()
# What Intl.PluralRules of a browser says, by a number that is such in Russian.
PLURALS = {"one": 1, "few": 2, "many": 5, "other": 5}
SENTENCES: dict[str, Callable[[int], str]] = {
    "waiting": lambda count: ngettext(
        "%(count)s entry waits to be sent", "%(count)s entries wait to be sent", count
    ),
    "refused": lambda count: ngettext(
        "%(count)s entry was not accepted", "%(count)s entries were not accepted", count
    ),
    "drafts": lambda count: ngettext(
        "%(count)s sheet is typed and not saved", "%(count)s sheets are typed and not saved", count
    ),
    "gone": lambda count: ngettext(
        "%(count)s value has no field here any more.",
        "%(count)s values have no field here any more.",
        count,
    ),
}


@register.simple_tag(takes_context=True)
def submission(context: Context) -> SafeString:
    """The hidden name of this submission: a form that comes back refused keeps its own."""
    key = submission_key(context["request"]) or uuid.uuid4()
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, key)


@register.simple_tag
def outbox_counts() -> SafeString:
    """Each counted sentence in each plural of the language; the script puts its number for {}."""
    rows = (
        (name, form, sentence(number) % {"count": "{}"})
        for name, sentence in SENTENCES.items()
        for form, number in PLURALS.items()
    )
    return format_html_join("\n", '<span data-word="{}-{}">{}</span>', rows)
