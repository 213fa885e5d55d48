"""What a value that is typed as JSON may be: the hint beside its field and the end of its refusal.

Called by `forms` and `problems`; what is read of each stands in the readers of its code.
"""

from django.utils.translation import gettext_lazy as _

SHAPES = {
    "ipn_brackets": _(
        "a list of steps from the lowest: “up_to” is the highest taxable income of the year in "
        "tenge, null in the last step; “rate” is a share from “0” to “1” in quotation marks"
    ),
    "ipn_low_wage_relief": _(
        "null where there is none, else “income_up_to” in tenge, “income_up_to_mrp” a whole "
        "number and “taxable_multiplier” a share from “0” to “1” in quotation marks"
    ),
    "social_tax_simplified_regime": _(
        "null where none is due, else a share from “0” up in quotation marks"
    ),
    "convict_living_minimum_floor": _(
        "“applies” is true or false; “except” is a list of “alimony”, “injury_health_breadwinner”"
    ),
    "full_shift_minutes": _(
        "“general” and “disabled_1_2” are whole minutes of a day, above nought"
    ),
    "queue_weights": _(
        "points not below nought, in quotation marks, for each of “waiting_day”, “trade”, "
        "“dependants”, “near_release”, “lost_place”"
    ),
    "alimony_shares": _(
        "for each of “1”, “2” and “3+” children a share of the net wage, as “1/4”, above “0” and "
        "at most “1”"
    ),
    "ipn_deduction_order": _(
        "a list of “social_payments”, “basic” and “social”, each once, in their order"
    ),
    "ipn_social_deduction_mrp_year": _(
        "whole numbers of MRP a year for “disabled_1_2” and “disabled_3_and_others”"
    ),
    "convict_guaranteed_minimum_share": _(
        "null where there is none, else a share from “0” to “1” in quotation marks"
    ),
    "convict_upkeep_deduction": _(
        "null where there is none, else a share from “0” to “1” in quotation marks"
    ),
}
