"""Who may open which address: reviewed by people, held against the portal by a test.

An object out of sight answers 404 to those who may open the page at all; the table is about the
page. A new address fails the test until it has a row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

EVERYBODY = "everybody"
SIGNED_IN = "signed in"
# Nobody but a device that was made a terminal: 404 to every account.
TERMINAL = "terminal"


@dataclass(frozen=True)
class Row:
    """Who: EVERYBODY, SIGNED_IN or roles; `kwargs` make a sample address; `method` opens it."""

    who: str | frozenset[str]
    kwargs: Mapping[str, object] = field(default_factory=dict)
    method: str = "get"
    # Whoever may not open it is told that there is no such page.
    is_hidden: bool = False


def roles(*names: str, method: str = "get", **kwargs: object) -> Row:
    return Row(frozenset(names), kwargs, method)


def hidden(*names: str, method: str = "get", **kwargs: object) -> Row:
    """Of these roles; 404 to every other account."""
    return Row(frozenset(names), kwargs, method, is_hidden=True)


_NO_RUN = "00000000-0000-0000-0000-000000000000"
_KEY = {"uidb36": "1", "key": "set-password"}

TABLE: dict[str, Row] = {
    # Pages without a domain
    "set_language": Row(EVERYBODY, method="post"),
    "csp_report": Row(EVERYBODY, method="post"),
    "front:home": Row(EVERYBODY),
    "front:start": Row(SIGNED_IN),
    "front:sender": Row(EVERYBODY),
    "front:health_live": Row(EVERYBODY),
    "front:health_ready": Row(EVERYBODY),
    "front:health": roles("administrator"),
    "front:jobs": roles("administrator"),
    "front:job_retry": roles("administrator", method="post", run_id=_NO_RUN),
    "front:job_send": roles("administrator", method="post", run_id=_NO_RUN),
    "front:contacts": Row(EVERYBODY),
    "front:accessibility": Row(EVERYBODY),
    "front:privacy": Row(EVERYBODY),
    "front:search": Row(EVERYBODY),
    "front:pay_calculator": Row(EVERYBODY),
    "front:verify": Row(EVERYBODY),
    "front:verify_document": Row(EVERYBODY, {"code": "0000-0000-0000"}),
    # Accounts, by django-allauth
    "account_login": Row(EVERYBODY),
    "account_signup": Row(EVERYBODY),
    "account_inactive": Row(EVERYBODY),
    "account_email_verification_sent": Row(EVERYBODY),
    "account_confirm_email": Row(EVERYBODY, {"key": "none"}),
    "account_confirm_login_code": Row(EVERYBODY),
    "account_reset_password": Row(EVERYBODY),
    "account_reset_password_done": Row(EVERYBODY),
    "account_reset_password_from_key": Row(EVERYBODY, _KEY),
    "account_reset_password_from_key_done": Row(EVERYBODY),
    "account_logout": Row(SIGNED_IN),
    "account_reauthenticate": Row(SIGNED_IN),
    "account_change_password": Row(SIGNED_IN),
    "account_set_password": Row(SIGNED_IN),
    "account_email": Row(SIGNED_IN),
    # Second factor
    "mfa_authenticate": Row(EVERYBODY),
    "mfa_index": Row(SIGNED_IN),
    "mfa_reauthenticate": Row(SIGNED_IN),
    "mfa_activate_totp": Row(SIGNED_IN),
    "mfa_deactivate_totp": Row(SIGNED_IN),
    "mfa_generate_recovery_codes": Row(SIGNED_IN),
    "mfa_view_recovery_codes": Row(SIGNED_IN),
    "mfa_download_recovery_codes": Row(SIGNED_IN),
    # Catalogue and work orders
    "workshops:catalogue": Row(EVERYBODY),
    "workshops:product": Row(EVERYBODY, {"code": "play-corner"}),
    "workshops:work_orders": roles("operator", "master"),
    "workshops:work_order": roles("operator", "master", work_order_id=0),
    "workshops:make_cards": roles("operator", "master", method="post", work_order_id=0),
    "workshops:work_order_sheet": roles("operator", "master", work_order_id=0),
    "workshops:batch_cards": roles("operator", "master", work_order_id=0),
    # Basket and orders
    "accounts:register_organisation": Row(SIGNED_IN),
    "accounts:signature": roles("head"),
    "accounts:signature_end": roles("head", signature_id=0),
    "orders:basket": Row(EVERYBODY),
    "orders:basket_add": Row(EVERYBODY, method="post"),
    "orders:basket_change": Row(EVERYBODY, {"line_id": 0}, "post"),
    "orders:basket_remove": Row(EVERYBODY, {"line_id": 0}, "post"),
    "orders:send": Row(SIGNED_IN),
    "orders:order_list": roles("buyer"),
    "orders:order": roles("buyer", order_id=0),
    "orders:confirmation": roles("buyer", order_id=0),
    "orders:received_confirmation": roles("operator", order_id=0),
    "orders:withdraw": roles("buyer", method="post", order_id=0),
    "orders:received": roles("operator"),
    "orders:received_order": roles("operator", order_id=0),
    "orders:confirm": roles("operator", method="post", order_id=0),
    "orders:decline": roles("operator", method="post", order_id=0),
    # Reading terminals
    "inmates:terminal": Row(TERMINAL),
    "inmates:terminal_activate": Row(EVERYBODY),
    "inmates:terminal_pin": Row(TERMINAL),
    "inmates:terminal_language": Row(TERMINAL, method="post"),
    "inmates:terminal_here": Row(TERMINAL, method="post"),
    "inmates:terminal_leave": Row(TERMINAL, method="post"),
    "inmates:terminal_pay": Row(TERMINAL),
    "inmates:terminal_month": Row(TERMINAL, {"month": "2026-10"}),
    "inmates:terminal_debts": Row(TERMINAL),
    "inmates:terminal_looks": Row(TERMINAL),
    "inmates:terminals": roles("labour_officer", "administrator"),
    "inmates:terminal_code": roles("labour_officer", "administrator", method="post", terminal_id=0),
    "inmates:terminal_revoke": roles(
        "labour_officer", "administrator", method="post", terminal_id=0
    ),
    "inmates:wage_statement": roles("accountant", "head", slip_id=0),
    "inmates:person_pin": roles("labour_officer", number="none"),
    # The shift
    "reports:consents": roles("analyst"),
    "inmates:workers": roles("accountant", "head"),
    "inmates:workers_xlsx": roles("accountant", "head", employer_id=1),
    "inmates:looks": roles("head", "administrator"),
    "inmates:person_consents": roles("labour_officer", number="1648"),
    "inmates:consent_new": roles("labour_officer", number="1648", kind="work"),
    "inmates:consent_paper": roles("labour_officer", number="1648", kind="work", language="ru"),
    "inmates:consent_withdraw": roles("labour_officer", number="1648", consent_id=1),
    "inmates:consent_scan_add": roles("labour_officer", number="1648", consent_id=1),
    "inmates:consent_scan": roles("labour_officer", scan_id=1),
    "inmates:place_offer": roles("labour_officer", number="1648"),
    "inmates:offer_answer": roles("labour_officer", method="post", number="1648", offer_id=1),
    "inmates:places": roles("labour_officer", "head"),
    "inmates:place_queue": roles("labour_officer", "head", post_id=1),
    "inmates:place_give": roles("labour_officer", post_id=1, number="1648"),
    "inmates:people": roles("labour_officer", "head"),
    "inmates:people_imports": roles("labour_officer"),
    "inmates:people_import_template": roles("labour_officer"),
    "inmates:people_import": roles("labour_officer", import_id=0),
    "inmates:people_import_apply": roles("labour_officer", method="post", import_id=0),
    "inmates:people_import_drop": roles("labour_officer", method="post", import_id=0),
    "inmates:person": roles("labour_officer", "head", number="none"),
    "inmates:people_names": roles("labour_officer", method="post"),
    "inmates:people_find": roles("labour_officer", method="post"),
    "inmates:arrival": roles("labour_officer"),
    "inmates:known_arrival": roles("labour_officer", method="post"),
    "inmates:person_name": roles("labour_officer", method="post", number="none"),
    "inmates:person_transfer": roles("labour_officer", number="none"),
    "inmates:person_release": roles("labour_officer", number="none"),
    "inmates:person_expected_release": roles("labour_officer", number="none"),
    "inmates:person_ability": roles("labour_officer", number="none"),
    "inmates:person_grade": roles("labour_officer", number="none"),
    "inmates:person_language": roles("labour_officer", number="none"),
    "inmates:person_place": roles("labour_officer", number="none"),
    "inmates:placement_change": roles("labour_officer", number="none", placement_id=0),
    "inmates:placement_end": roles("labour_officer", number="none", placement_id=0),
    "inmates:placement_paper": roles("labour_officer", number="none", placement_id=0),
    "inmates:safety": roles("master", "labour_officer", "head"),
    "inmates:safety_enter": roles("master", "labour_officer"),
    "inmates:person_safety": roles("labour_officer", "head", number="none"),
    "inmates:clearance_end": roles("labour_officer", method="post", number="none", clearance_id=0),
    "inmates:accidents": roles("labour_officer", "head"),
    "inmates:accident_new": roles("labour_officer"),
    "inmates:accident": roles("labour_officer", "head", accident_id=0),
    "inmates:accident_close": roles("labour_officer", method="post", accident_id=0),
    "inmates:accident_notice_send": roles("labour_officer", method="post", notice_id=0),
    "inmates:accident_notice_pdf": roles("labour_officer", "head", notice_id=0),
    "inmates:apprenticeships": roles("labour_officer", "head"),
    "inmates:apprenticeship_complete": roles("labour_officer", method="post", pk=0),
    "inmates:apprenticeship_discontinue": roles("labour_officer", method="post", pk=0),
    "inmates:person_apprenticeship": roles("labour_officer", "head", number="none"),
    "inmates:reasons": roles(
        "master", "labour_officer", "accountant", "head", "analyst", "administrator"
    ),
    "inmates:reason_add": roles("administrator"),
    "inmates:reason_retire": roles("administrator", reason_id=0),
    "inmates:shifts": roles("master", "labour_officer"),
    "inmates:shift": roles("master", "labour_officer", code="none", day="2026-11-20"),
    "inmates:shift_output": roles("master", "labour_officer", code="none", day="2026-11-20"),
    "inmates:shift_team": roles("master", "labour_officer", code="none", day="2026-11-20"),
    "inmates:shift_team_entry": roles(
        "master", "labour_officer", code="none", day="2026-11-20", entry_id=1
    ),
    "inmates:shift_downtime": roles("master", "labour_officer", code="none", day="2026-11-20"),
    "inmates:shift_defects": roles("master", "labour_officer", code="none", day="2026-11-20"),
    "inmates:shift_materials": roles("master", "labour_officer", code="none", day="2026-11-20"),
    "inmates:shift_report": roles("master", "labour_officer", code="none", day="2026-11-20"),
    "inmates:floor_act": roles(
        "master",
        "labour_officer",
        code="none",
        day="2026-11-20",
        kind="downtime",
        entry_id=0,
        act="end",
    ),
    "inmates:find_batch": roles("operator", "master", "labour_officer"),
    "inmates:batch": roles("operator", "master", "labour_officer", scanned="7KQF92MT"),
    # Idle areas and visits to them
    "workshops:spaces": Row(EVERYBODY),
    "workshops:space": Row(EVERYBODY, {"code": "hall-13"}),
    "workshops:kept_spaces": roles("labour_officer", "head"),
    "workshops:confirm_space": roles("labour_officer", "head", method="post", space_id=0),
    "workshops:take_space_off": roles("labour_officer", "head", method="post", space_id=0),
    "orders:space_ask": Row(EVERYBODY, {"code": "hall-13"}),
    "orders:own_visits": Row(SIGNED_IN),
    "orders:space_application": Row(EVERYBODY, {"key": UUID(int=0)}),
    "orders:space_withdraw": Row(EVERYBODY, {"key": UUID(int=0)}, "post"),
    "orders:visits_received": roles("labour_officer", "head"),
    "orders:visit_received": roles("labour_officer", "head", application_id=0),
    "orders:visit_agree": roles("labour_officer", "head", method="post", application_id=0),
    "orders:visit_decline": roles("labour_officer", "head", method="post", application_id=0),
    "orders:visit_hand_over": roles("labour_officer", "head", method="post", application_id=0),
    "orders:visits_overseen": roles("analyst"),
    "orders:visit_overseen": roles("analyst", application_id=0),
    # Production requests, bids, drawings
    "orders:request_list": roles("buyer"),
    "orders:request_new": Row(SIGNED_IN),
    "orders:request": roles("buyer", request_id=0),
    "orders:request_change": roles("buyer", request_id=0),
    "orders:request_publish": roles("buyer", request_id=0),
    "orders:request_withdraw": roles("buyer", method="post", request_id=0),
    "orders:request_invite": roles("buyer", method="post", request_id=0),
    "orders:drawing_add": roles("buyer", method="post", request_id=0),
    "orders:drawing_remove": roles("buyer", method="post", request_id=0, drawing_id=0),
    "orders:award": roles("buyer", request_id=0, bid_id=0),
    "orders:drawing": roles("buyer", "operator", drawing_id=0),
    "orders:received_requests": roles("operator"),
    "orders:received_request": roles("operator", request_id=0),
    "orders:bid": roles("operator", request_id=0, workshop_id=0),
    "orders:bid_withdraw": roles("operator", method="post", bid_id=0),
    # Wages
    "inmates:month": roles("master", "labour_officer", code="none", month="2026-11"),
    "inmates:month_submit": roles(
        "master", "labour_officer", method="post", code="none", month="2026-11"
    ),
    "inmates:confirm_leaver": roles(
        "master", "labour_officer", method="post", code="none", month="2026-11", placement_id=0
    ),
    "inmates:timesheets": roles("accountant"),
    "inmates:timesheet": roles("accountant", code="none", month="2026-11"),
    "inmates:timesheet_act": roles(
        "accountant", method="post", code="none", month="2026-11", act="lock"
    ),
    "inmates:timesheet_pdf": roles(
        "master", "labour_officer", "accountant", code="none", month="2026-11"
    ),
    "inmates:wage_totals": roles("accountant", "head"),
    "inmates:wage_totals_xlsx": roles("accountant", "head"),
    "inmates:wage_totals_pdf": roles("accountant", "head"),
    "inmates:person_totals": roles("accountant", "head", payer_id=0, number="0"),
    "inmates:person_totals_pdf": roles("accountant", "head", payer_id=0, number="0"),
    "inmates:form_200": roles("accountant", "head"),
    "inmates:form_200_xlsx": roles("accountant", "head"),
    "inmates:wage_certificates": roles("accountant", "head"),
    "inmates:wage_certificate_new": roles("accountant"),
    "inmates:wage_certificate_pdf": roles("accountant", certificate_id=0),
    "inmates:bailiff_notices": roles("accountant", "head"),
    "inmates:bailiff_notice": roles("accountant", "head", notice_id=0),
    "inmates:bailiff_notice_send": roles("accountant", method="post", notice_id=0),
    "inmates:bailiff_notice_cancel": roles("accountant", method="post", notice_id=0),
    "inmates:bailiff_notice_pdf": roles("accountant", notice_id=0),
    "inmates:leaving": roles("labour_officer", "head", "accountant"),
    "inmates:leaving_file": roles("labour_officer", "head", "accountant", number="0"),
    "inmates:leaving_step": roles(
        "labour_officer", "accountant", method="post", number="0", code="settlement"
    ),
    "inmates:leaving_paper": roles("labour_officer", "accountant", number="0", paper="settlement"),
    "inmates:leaving_papers": roles("labour_officer", "accountant", number="0"),
    "inmates:payroll_runs": roles("accountant", "head"),
    "inmates:payroll_board": roles(
        "accountant", "head", payer_id=0, institution_id=0, month="2026-10"
    ),
    "inmates:off_cycle": roles("accountant", payer_id=0, institution_id=0, month="2026-10"),
    "inmates:payroll_reverse": roles("accountant", method="post", run_id=0),
    "inmates:payroll_drop": roles("accountant", method="post", run_id=0),
    "inmates:payroll_start": roles(
        "accountant", method="post", payer_id=0, institution_id=0, month="2026-10"
    ),
    "inmates:backdated_changes": roles("accountant", "head"),
    "inmates:pay_parameters": roles("accountant", "head", "administrator"),
    "inmates:parameter_proposals": roles("administrator"),
    "inmates:parameter_proposal": roles("administrator", proposal_id=0),
    "inmates:parameter_approve": roles("administrator", method="post", proposal_id=0),
    "inmates:parameter_decline": roles("administrator", method="post", proposal_id=0),
    "inmates:parameter_try": roles("administrator", method="post", proposal_id=0),
    "inmates:parameter_withdraw": roles("administrator", method="post", proposal_id=0),
    "inmates:parameter_propose": roles("administrator", code="mzp"),
    "inmates:earning_kinds": roles("accountant", "head", "administrator"),
    "inmates:pay_rates": roles("accountant", "head"),
    "inmates:pay_rate_enter": roles("accountant"),
    "inmates:tax_applications": roles("accountant", "head"),
    "inmates:tax_application_enter": roles("accountant"),
    "inmates:tax_application_end": roles("accountant", application_id=0),
    "inmates:extra_pay": roles("accountant", "head"),
    "inmates:extra_pay_add": roles("accountant"),
    "inmates:extra_pay_remove": roles("accountant", extra_id=0),
    "inmates:payroll_run": roles("accountant", "head", run_id=0),
    "inmates:payroll_papers": roles("accountant", "head", run_id=0),
    "inmates:payslips_print": roles("accountant", method="post", run_id=0),
    "inmates:payslips_download": roles("accountant", run_id=0),
    "inmates:pay_sheet": roles("accountant", run_id=0),
    "inmates:payroll_differences": roles("accountant", "head", run_id=0),
    "inmates:payroll_restart": roles("accountant", method="post", run_id=0),
    "inmates:payroll_person_restart": roles("accountant", method="post", run_id=0, number="0"),
    "inmates:payroll_approve": roles("accountant", "head", method="post", run_id=0),
    "inmates:payroll_return": roles("accountant", "head", method="post", run_id=0),
    "inmates:payroll_pay": roles("accountant", method="post", run_id=0),
    "inmates:payment_registers": roles("accountant", "head"),
    "inmates:payment_register": roles("accountant", "head", register_id=0),
    "inmates:register_issue": roles(
        "accountant", method="post", payer_id=0, institution_id=0, month="2026-10"
    ),
    "inmates:register_file": roles("accountant", register_id=0, kind="csv"),
    "inmates:register_transfer": roles("accountant", register_id=0, order_id=0),
    "inmates:transfer_take_back": roles("accountant", register_id=0, transfer_id=0),
    "inmates:requisites": roles("administrator"),
    "inmates:requisites_new": roles("administrator", code="ipn"),
    "inmates:bank_statements": roles("accountant"),
    "inmates:bank_statement": roles("accountant", statement_id=0),
    "inmates:bank_statement_apply": roles("accountant", method="post", statement_id=0),
    "inmates:bank_statement_drop": roles("accountant", method="post", statement_id=0),
    "inmates:accounts": roles("accountant", "head"),
    "inmates:accounts_of_kind": roles("accountant", "head", payer_id=0, kind="wages_payable"),
    "inmates:account_statement": roles("accountant", "head", account_id=0),
    "inmates:account_statement_pdf": roles("accountant", "head", account_id=0),
    "inmates:writs": roles("accountant", "head"),
    "inmates:writ": roles("accountant", "head", writ_id=0),
    "inmates:writ_add": roles("accountant"),
    "inmates:writ_change": roles("accountant", writ_id=0),
    "inmates:writ_act": roles("accountant", method="post", writ_id=0, act="end"),
    "inmates:payslip": roles("accountant", "head", slip_id=0),
    "inmates:payslip_pdf": roles("accountant", "head", slip_id=0),
    # Questions that leave the institution: to everybody but their officers there is no desk
    "inmates:questions_outside": Row(EVERYBODY),
    "inmates:question_figures": Row(EVERYBODY),
    "inmates:question_outside": Row(EVERYBODY, {"key": UUID(int=0)}),
    "inmates:questions": hidden("question_officer"),
    "inmates:question_enter": hidden("question_officer"),
    "inmates:question": hidden("question_officer", question_id=0),
    "inmates:question_take": hidden("question_officer", method="post", question_id=0),
    "inmates:question_ask_name": hidden("question_officer", method="post", question_id=0),
    "inmates:question_answer": hidden("question_officer", method="post", question_id=0),
    "inmates:question_name": hidden("question_officer", method="post", question_id=0),
    "inmates:question_letter": hidden("question_officer", method="post", question_id=0),
    "inmates:terminal_questions": Row(TERMINAL),
    "inmates:terminal_question_new": Row(TERMINAL),
    "inmates:terminal_question": Row(TERMINAL, {"question_id": 0}),
    "inmates:terminal_question_act": Row(TERMINAL, {"question_id": 0, "act": "withdraw"}, "post"),
    # Figures of the department
    "reports:operator": roles("operator"),
    "reports:employment": roles("analyst"),
    "reports:employment_institution": roles("analyst", number="16"),
    "reports:order_employment": roles("analyst", method="post"),
    "reports:fact_periods": roles("analyst"),
    "reports:close_facts": roles("analyst", method="post", number="16", month="2026-10"),
    "reports:reopen_facts": roles("analyst", method="post", number="16", month="2026-10"),
    "reports:stored_list": roles("analyst"),
    "reports:download": roles("analyst", pk=0),
}
