"""What the parameters of the law are called, and the words of their values: data for a page."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# In the order of the page: what pay is computed by, then what is only kept beside it.
TITLES = {
    "mzp": _("Minimum wage (MZP)"),
    "mrp": _("Monthly calculation index (MRP)"),
    "living_minimum": _("Living minimum"),
    "opv_rate": _("Pension contribution from the wage: rate"),
    "opv_income_cap": _("Pension contribution from the wage: highest base"),
    "opvr_rate": _("Employer's pension contribution: rate"),
    "opvr_income_min": _("Employer's pension contribution: lowest base"),
    "opvr_income_cap": _("Employer's pension contribution: highest base"),
    "opvr_born_before_exempt": _("Employer's pension contribution: not due if born before"),
    "vosms_rate": _("Health contribution from the wage: rate"),
    "vosms_cap": _("Health contribution from the wage: highest base"),
    "oosms_rate": _("Employer's health contribution: rate"),
    "oosms_cap": _("Employer's health contribution: highest base"),
    "so_rate": _("Social insurance: rate"),
    "so_base_min": _("Social insurance: lowest base"),
    "so_base_max": _("Social insurance: highest base"),
    "so_base_formula": _("Social insurance: base"),
    "ipn_brackets": _("Income tax: rates"),
    "ipn_basic_deduction": _("Income tax: basic deduction a month"),
    "ipn_basic_deduction_mrp": _("Income tax: basic deduction a month, in MRP"),
    "ipn_basic_deduction_year_mrp": _("Income tax: basic deduction a year, in MRP"),
    "ipn_social_deduction_mrp_year": _("Income tax: social deductions a year, in MRP"),
    "ipn_deduction_order": _("Income tax: order of deductions"),
    "ipn_low_wage_relief": _("Income tax: relief for a low wage"),
    "tax_code": _("Tax Code in force, year of adoption"),
    "social_tax_rate": _("Social tax: rate"),
    "social_tax_minus_so": _("Social tax: less social insurance"),
    "social_tax_base_min": _("Social tax: lowest base"),
    "social_tax_base_min_waived": _("Social tax: no lowest base in the month of hire or dismissal"),
    "social_tax_base_formula": _("Social tax: base"),
    "social_tax_simplified_regime": _("Social tax under the simplified regime"),
    "writ_cap_share_of_net": _("Writs: all together take at most"),
    "convict_living_minimum_floor": _("Writs: the living minimum is left to the person"),
    "alimony_shares": _("Alimony: shares by number of children"),
    "writ_queue_1": _("Writs: queue 1"),
    "writ_queue_2": _("Writs: queue 2"),
    "writ_queue_3": _("Writs: queue 3"),
    "writ_queue_4": _("Writs: queue 4"),
    "writ_queue_5": _("Writs: queue 5"),
    "bailiff_fee_queue": _("Writs: queue of the bailiff's fee"),
    "payment_rounding": _("Rounding of payments"),
    "convict_opv": _("Persons serving a sentence: pension contribution"),
    "convict_opvr": _("Persons serving a sentence: employer's pension contribution"),
    "convict_vosms_non_minimum_security": _(
        "Persons serving a sentence: health contribution outside minimum security"
    ),
    "convict_vosms_minimum_security": _(
        "Persons serving a sentence: health contribution in minimum security"
    ),
    "convict_oosms": _("Persons serving a sentence: employer's health contribution"),
    "convict_so": _("Persons serving a sentence: social insurance"),
    "convict_ipn": _("Persons serving a sentence: income tax"),
    "convict_deduction_cap": _("Persons serving a sentence: all deductions at most"),
    "convict_guaranteed_minimum_share": _("Persons serving a sentence: guaranteed share of pay"),
    "convict_upkeep_deduction": _("Persons serving a sentence: deduction for upkeep"),
    "convict_remainder_to": _("Persons serving a sentence: where the rest goes"),
    "convict_wage_floor": _("Persons serving a sentence: lowest wage"),
    "convict_unpaid_work_hours_per_week_max": _(
        "Persons serving a sentence: unpaid work, hours a week at most"
    ),
    "average_monthly_hours": _("Average hours of a month of the year, 40 hours a week"),
    "week_hours": _("Hours of a working week"),
    "reduced_week_hours": _("Hours of a working week, disability of group I or II"),
    "night_supplement": _("Supplement for night hours, share of pay"),
    "overtime_supplement": _("Supplement for overtime, share of pay"),
    "holiday_supplement": _("Supplement for work on days off, share of pay"),
    "minimum_wage_top_up": _("Pay is topped up to the minimum wage"),
    "annual_leave_days": _("Annual leave, calendar days"),
    "sick_pay_cap_mrp": _("Sick pay: at most a month, in MRP"),
    "idle_pay_share": _("Idle time not by the worker's fault: share of average wage"),
    "overpayment_recovery_share": _(
        "What was paid too much, withheld together with writs: share of net at most"
    ),
    "full_shift_minutes": _("Shift: full day, minutes"),
    "shift_correction_days": _("Shift: days in which a day can be corrected"),
    "other_place_workdays": _("Consents: working days in which another place is offered"),
    "wage_question_workdays": _("Questions about wages: working days to the answer"),
    "queue_weights": _("Queue for places: points"),
    "queue_near_release_days": _("Queue for places: days before release that give points"),
    "oppv_rate": _("Professional pension contribution (harmful work): rate"),
    "simplified_rate": _("Simplified regime: rate"),
    "simplified_limit_mrp": _("Simplified regime: limit of income a year, in MRP"),
    "vat_rate": _("Value added tax: rate"),
    "vat_threshold": _("Value added tax: registration threshold"),
    "vat_threshold_mrp": _("Value added tax: registration threshold, in MRP"),
    "procurement_direct_goods_mrp": _("Direct purchase of goods a year, in MRP"),
    "procurement_direct_services_mrp": _("Direct purchase of works and services a year, in MRP"),
}

CONFIDENCES = {
    "statute text": _("text of the law"),
    "secondary": _("secondary source"),
    "interpretation of statute": _("our reading of the law"),
    "memory, unverified": _("not verified"),
    "computed": _("computed"),
    "decision of the portal": _("rule of this portal"),
}

# Values that are words; what is not here is shown as it is written.
VALUES = {
    "tenge": _("whole tenge"),
    "tiyn": _("tiyn"),
    "withhold": _("withheld"),
    "do not withhold": _("not withheld"),
    "pay": pgettext_lazy("pay parameter", "paid"),
    "do not pay": _("not due"),
    "pay by employer": _("paid by the employer"),
    "pay if born >= 1975-01-01": _("paid for persons born from 1 January 1975"),
    "general rules": _("by the general rules"),
    "not below mzp": _("not below the minimum wage"),
    "gross - opv, then clamp": _("wage less pension contribution, within the limits"),
    "gross - opv - vosms": _("wage less pension and health contributions"),
    "alimony; injury/health/breadwinner; workers' labour claims": _(
        "alimony; injury, health, loss of breadwinner; workers' claims"
    ),
    "authors' fees; citizens' property damage from crime or administrative offence": _(
        "authors' fees; citizens' property damage from an offence"
    ),
    "secured creditors": _("secured creditors"),
    "taxes and budget payments; legal entities' damage from crime": _(
        "taxes and budget; damage of legal entities from crime"
    ),
    "all other": _("all other"),
    "general": _("in general"),
    "social_payments": _("social payments"),
    "basic": _("basic deduction"),
    "social": _("social deductions"),
    "disabled_1_2": _("disability of group I or II"),
    "disabled_3_and_others": _("disability of group III and others"),
    "waiting_day": _("a day without paid work"),
    "trade": _("the trade of the place"),
    "dependants": _("payments for dependants"),
    "near_release": _("release is near"),
    "lost_place": _("a promised place was taken back"),
    "контрольный счет наличности временного размещения денег": _(
        "cash control account of money placed for a time"
    ),
    "1": _("one child"),
    "2": _("two children"),
    "3+": _("three and more"),
}
