"""What is wrong with a typed value of the law, in the reader's language.

The readers of the engine are pure and speak English to whoever programs; called by `values`.
"""

import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inmates.law_desk.shapes import SHAPES

SHAPE = gettext_noop("it has not the shape of the value in force")
KNOWN = (
    gettext_noop("a number not below zero is wanted"),
    gettext_noop("a share is at most one"),
    gettext_noop("a whole number is wanted"),
    gettext_noop("a queue of writs is 1 to 5"),
    gettext_noop("exactly the last step is open"),
    gettext_noop("the steps must rise"),
    gettext_noop("tenge or tiyn"),
    gettext_noop("an unknown tax code"),
    gettext_noop("hours above nought are wanted"),
    gettext_noop("a shift has minutes"),
    gettext_noop("from 1 to 60 whole days are wanted"),
    gettext_noop("from 1 to 3660 whole days are wanted"),
    gettext_noop("each input of the queue has its points, and nothing else has"),
    gettext_noop("a sign that cannot be stored"),
    gettext_noop("an exact number is wanted"),
    gettext_noop("true or false is wanted"),
    gettext_noop("one of the listed words is wanted"),
)


def said(wrong: Exception, code: str = "") -> str:
    """What Python itself says of a value would tell an administrator little.

    Where nothing better is known, what the parameter of the code may be.
    """
    if isinstance(wrong, json.JSONDecodeError):
        place = {"line": wrong.lineno, "column": wrong.colno}
        return _("this is no JSON: look at line %(line)s, sign %(column)s") % place
    words = str(wrong)
    if words in KNOWN:
        return _(words)
    return str(SHAPES[code]) if code in SHAPES else _(SHAPE)
