"""The control of a form field with its classes; used by `components/_form_control.html`."""

from django import forms, template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def form_control(field: forms.BoundField, control_class: str) -> SafeString:
    """The widget with Bootstrap's class, marked when it is wrong (Django ties hint and errors)."""
    own = field.field.widget.attrs.get("class", "")
    marked = "is-invalid" if field.errors else ""
    classes = " ".join(filter(None, [own, control_class, marked]))
    return field.as_widget(attrs={"class": classes})
