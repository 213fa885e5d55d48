"""What customers and operators type about production requests, cleaned and typed."""

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import ProductionRequest
from orders.models.requests import MOST_STAGES
from orders.services.bids import Terms
from orders.services.requests import Wanted
from portal.accounts.models import Organisation
from portal.kernel.forms import DayField, MoneyFormField, WholeNumberField, page_helper
from portal.kernel.uploads import MAX_FILE_MEGABYTES
from workshops.enums import Unit
from workshops.models import Trade, Workshop
from workshops.services import Stage

LARGEST_QUANTITY = 1_000_000


class RequestForm(forms.Form):
    """What is to be made, how many, by when, of whose material."""

    customer = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    title = forms.CharField(
        label=_("What is to be made"),
        help_text=_("A short name, such as “Work overalls, cotton”."),
        max_length=160,
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=_("Sizes, materials, colours, packing. Drawings are added in the next step."),
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
    )
    quantity = WholeNumberField(label=_("Quantity"), min_value=1, max_value=LARGEST_QUANTITY)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    wanted_by = DayField(label=_("Needed by"))
    answers_by = DayField(
        label=_("Workshops answer until"),
        help_text=_("The last day for bids; before the day you need the goods."),
    )
    own_material = forms.CharField(
        label=_("Your own material"),
        help_text=_("Which and how much. Leave it empty if the workshop brings everything."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    trades = forms.ModelMultipleChoiceField(
        label=_("Trades you expect to be needed"),
        help_text=_("Workshops that have them stand first in the list of the next step."),
        queryset=Trade.objects.order_by("id"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, customers: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["trades"].label_from_instance = lambda trade: trade.name  # type: ignore[attr-defined]  # the same
        layout = Layout(
            "customer", "title", "description",
            Div("quantity", "unit", css_class="fields-2"),
            Div("wanted_by", "answers_by", css_class="fields-2"),
            "own_material",
            Div("trades", css_class="choices-wide"),
        )  # fmt: skip
        if len(customers) == 1:
            self.initial.setdefault("customer", customers[0].pk)
            self.fields["customer"].widget = forms.HiddenInput()
        page_helper(self, _("Save and go on"), cancel_url=cancel_url, layout=layout)

    @staticmethod
    def of(request: ProductionRequest) -> dict[str, Any]:
        """What the fields of a draft begin with."""
        names = ("title", "description", "quantity", "unit", "wanted_by", "answers_by")
        filled: dict[str, Any] = {name: getattr(request, name) for name in names}
        filled["trades"] = list(request.trades.values_list("pk", flat=True))
        return filled | {"customer": request.customer_id, "own_material": request.own_material}

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            title=data["title"],
            description=data["description"],
            quantity=data["quantity"],
            unit=data["unit"],
            wanted_by=data["wanted_by"],
            answers_by=data["answers_by"],
            own_material=data["own_material"],
            trade_ids=[trade.pk for trade in data["trades"]],
        )


class DrawingForm(forms.Form):
    """One file; its content is checked by the service."""

    # An empty file has a sentence of its own, the service's.
    file = forms.FileField(
        label=_("A drawing"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg,.webp"}),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = _("PDF, PNG, JPEG or WebP, up to %(most)s MB.") % {"most": MAX_FILE_MEGABYTES}
        self.fields["file"].help_text = limits
        page_helper(self, _("Add the drawing"), action=action, submit_class="btn-outline-primary")


class InviteForm(forms.Form):
    """Which workshops shall see the request."""

    workshops = forms.ModelMultipleChoiceField(
        label=_("Workshops"), queryset=Workshop.objects.all(), required=False
    )

    def workshop_ids(self) -> list[int]:
        return [workshop.pk for workshop in self.cleaned_data["workshops"]]


class BidForm(forms.Form):
    """Price, date, batch and the stages of the work."""

    unit_price = MoneyFormField(label=_("Price of one, ₸"), min_value=Decimal("0.01"))
    ready_on = DayField(
        label=_("Ready on"), help_text=_("The day on which the whole quantity is made.")
    )
    minimum_batch = WholeNumberField(
        label=_("Minimum batch"),
        help_text=_("The smallest part of the quantity you hand over at once."),
        min_value=1,
        max_value=LARGEST_QUANTITY,
        initial=1,
    )
    comment = forms.CharField(
        label=_("Comment for the customer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, cancel_url: str, submit_label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trades = [
            ("", _("choose the trade")),
            *((t.pk, t.name) for t in Trade.objects.order_by("id")),
        ]
        for number in range(1, MOST_STAGES + 1):
            self._add_stage(number, trades)
        page_helper(self, submit_label, cancel_url=cancel_url, layout=self._layout())

    def _add_stage(self, number: int, trades: list[Any]) -> None:
        self.fields[f"stage_{number}"] = forms.CharField(
            label=_("Stage %(number)s") % {"number": number}, required=False, max_length=120
        )
        self.fields[f"trade_{number}"] = forms.TypedChoiceField(
            label=_("Trade of stage %(number)s") % {"number": number},
            required=False, choices=trades, coerce=int, empty_value=None,
        )  # fmt: skip

    def _layout(self) -> Layout:
        rows = [
            Div(f"stage_{number}", f"trade_{number}", css_class="fields-2")
            for number in range(1, MOST_STAGES + 1)
        ]
        return Layout(
            Div("unit_price", "ready_on", css_class="fields-2"),
            "minimum_batch",
            Fieldset(
                _("Stages of the work, at least one: cutting, welding, painting, assembly"),
                *rows,
                css_class="stages",
            ),
            "comment",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stages = []
        for number in range(1, MOST_STAGES + 1):
            name, trade = cleaned.get(f"stage_{number}"), cleaned.get(f"trade_{number}")
            if name and trade:
                stages.append(Stage(name, trade))
            elif name:
                self.add_error(f"trade_{number}", _("Choose the trade of this stage."))
            elif trade and number > 1:
                self.add_error(f"stage_{number}", _("Name this stage, or leave the trade empty."))
        if not stages and not self.errors:
            self.add_error("stage_1", _("Name at least one stage of the work."))
        return cleaned | {"stages": tuple(stages)}

    @staticmethod
    def of(terms: Terms) -> dict[str, Any]:
        """What the fields begin with when a bid is changed."""
        filled: dict[str, Any] = {
            "unit_price": terms.unit_price,
            "ready_on": terms.ready_on,
            "minimum_batch": terms.minimum_batch,
            "comment": terms.comment,
        }
        for number, stage in enumerate(terms.stages, start=1):
            filled |= {f"stage_{number}": stage.name, f"trade_{number}": stage.trade_id}
        return filled

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            unit_price=data["unit_price"],
            ready_on=data["ready_on"],
            minimum_batch=data["minimum_batch"],
            stages=data["stages"],
            comment=data["comment"],
        )
