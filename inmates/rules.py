"""Who may do what with people, work and pay; each answers a verdict with its reason."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from inmates.enums import ClearanceKind
from portal.accounts.enums import FIRST_SIGNATURE, Role
from portal.accounts.rules import role_holders
from portal.accounts.selectors import (
    first_signature_holder,
    has_role,
    has_role_everywhere,
    has_role_in,
)
from portal.kernel.access import YES, Verdict, no

PAYROLL_READERS = (Role.ACCOUNTANT, Role.HEAD)
PAYROLL_PAGES = role_holders(*PAYROLL_READERS)
PAYROLL_ACTS = role_holders(Role.ACCOUNTANT)
# What is approved is seen by who approves: a deputy reads the board, the runs and their payslips
# in the days of the order, and nothing else of the wages.
APPROVAL_READERS = (*PAYROLL_READERS, FIRST_SIGNATURE)
APPROVAL_PAGES = role_holders(*APPROVAL_READERS)
SHIFT_ROLES = (Role.MASTER, Role.LABOUR_OFFICER)
SHIFT_PAGES = role_holders(*SHIFT_ROLES)
# Where a batch card leads: the output, or for who only makes it the work order.
BATCH_PAGES = role_holders(*SHIFT_ROLES, Role.OPERATOR)
SAFETY_PAGES = role_holders(*SHIFT_ROLES, Role.HEAD)
SAFETY_ACTS = role_holders(*SHIFT_ROLES)
PEOPLE_PAGES = role_holders(Role.LABOUR_OFFICER, Role.HEAD)
PEOPLE_ACTS = role_holders(Role.LABOUR_OFFICER)
# The file of who leaves: the officer's papers, and the payer's settlement.
LEAVING_PAGES = role_holders(Role.LABOUR_OFFICER, Role.HEAD, Role.ACCOUNTANT)
LEAVING_ACTS = role_holders(Role.LABOUR_OFFICER, Role.ACCOUNTANT)
TIMESHEET_CHECKS = role_holders(Role.ACCOUNTANT)
TIMESHEET_PAPERS = role_holders(*SHIFT_ROLES, Role.ACCOUNTANT)
PARAMETER_PAGES = role_holders(Role.ACCOUNTANT, Role.HEAD, Role.ADMINISTRATOR)
REASON_PAGES = role_holders(
    Role.MASTER,
    Role.LABOUR_OFFICER,
    Role.ACCOUNTANT,
    Role.HEAD,
    Role.ANALYST,
    Role.ADMINISTRATOR,
)
REASON_ACTS = role_holders(Role.ADMINISTRATOR)
REQUISITES_ACTS = role_holders(Role.ADMINISTRATOR)
TERMINAL_PAGES = role_holders(Role.LABOUR_OFFICER, Role.ADMINISTRATOR)


def can_change_reasons(user: Any, on: date) -> Verdict:
    """The directory is one for the whole portal: its administrator adds and retires."""
    if has_role(user, on, Role.ADMINISTRATOR):
        return YES
    return no(_("Only an administrator adds and retires reasons."))


def can_keep_requisites(user: Any, on: date) -> Verdict:
    """Where the money goes is entered by who is not a part of the wages."""
    if has_role(user, on, Role.ADMINISTRATOR):
        return YES
    return no(_("Only an administrator enters the requisites of payments."))


def can_start_payroll_run(user: Any, payer_id: int, place_id: int, on: date) -> Verdict:
    """The accountant of the payer, at this institution (`place_id`: its organisation)."""
    if has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id):
        return YES
    return no(_("Only an accountant of the payer calculates its wages."))


def can_approve_payroll_run(user: Any, run: Any, on: date) -> Verdict:
    """Four eyes: who holds the first signature of the payer, and neither made nor edited it.

    `run` (models.PayrollRun) knows who calculated and who edited an input of the month last.
    """
    if user.pk is None or first_signature_holder(run.payer_id, on) != user.pk:
        return no(_("Only who holds the first signature of the payer approves its wages."))
    if user.pk == run.started_by_id:
        return no(_("You calculated these wages: another person approves them."))
    if user.pk == run.last_edited_by_id:
        return no(_("You edited the figures of this month last: another person approves them."))
    return YES


def can_return_payroll_run(user: Any, run: Any, on: date) -> Verdict:
    """Who holds the first signature of the payer, whatever they did in the month."""
    if user.pk is not None and first_signature_holder(run.payer_id, on) == user.pk:
        return YES
    return no(_("Only who holds the first signature of the payer returns its wages."))


def can_pay_payroll_run(user: Any, payer_id: int, place_id: int, on: date) -> Verdict:
    """The accountant of the payer, at this institution (`place_id`: its organisation)."""
    if has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id):
        return YES
    return no(_("Only an accountant of the payer enters the payment of its wages."))


def can_record_extra_pay(user: Any, payer_id: int, place_id: int, on: date) -> Verdict:
    """The accountant of the payer, at this institution."""
    if has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id):
        return YES
    return no(_("Only an accountant of the payer enters its extra pay."))


def can_read_identity(user: Any, payer_id: int, place_id: int, on: date) -> Verdict:
    """Whose payslip it is, is shown to the payer's accountant alone."""
    if has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id):
        return YES
    return no(_("Names are shown only to the accountant of the payer."))


def can_certify_wages(user: Any, payer_id: int, on: date) -> Verdict:
    """The accountant of the payer as a whole: a certificate has a name and sums of all places."""
    if has_role_everywhere(user, on, payer_id, Role.ACCOUNTANT):
        return YES
    return no(_("Only an accountant of the payer for all institutions certifies its wages."))


def can_tell_bailiff(user: Any, payer_id: int, place_id: int, on: date) -> Verdict:
    """The accountant of the payer, at the institution where the person worked."""
    if has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id):
        return YES
    return no(_("Only an accountant of the payer sends its notices to bailiffs."))


def can_keep_pay_rates(user: Any, payer_id: int, place_id: int | None, on: date) -> Verdict:
    """The accountant of the payer; of a post at its institution (`place_id`)."""
    if has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id):
        return YES
    return no(_("Only an accountant of the payer enters its rates."))


def can_keep_applications(user: Any, payer_id: int, on: date) -> Verdict:
    """The accountant of the payer: the deduction is given at one place of work."""
    if has_role_in(user, on, payer_id, Role.ACCOUNTANT):
        return YES
    return no(_("Only an accountant of the payer keeps the applications of its people."))


def can_keep_writs(user: Any, payers: Collection[tuple[int, int]], on: date) -> Verdict:
    """The accountant of whoever pays the person; a payer comes with its place (organisation)."""
    if any(
        has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id)
        for payer_id, place_id in payers
    ):
        return YES
    return no(_("Only an accountant of a payer of this person keeps its writs."))


def can_place_inmate(user: Any, place_id: int, on: date) -> Verdict:
    """The labour officer of the institution places people."""
    if has_role_in(user, on, place_id, Role.LABOUR_OFFICER):
        return YES
    return no(_("Only a labour officer of the institution places people."))


def can_move_inmate(user: Any, sides: tuple[int, int], on: date) -> Verdict:
    """The labour officer of the institution left or of the one reached."""
    if any(has_role_in(user, on, side, Role.LABOUR_OFFICER) for side in sides):
        return YES
    return no(_("Only a labour officer of one of the two institutions enters a transfer."))


def can_record_work(user: Any, place_id: int, on: date) -> Verdict:
    """The master or the labour officer of the institution enters attendance and output."""
    if has_role_in(user, on, place_id, *SHIFT_ROLES):
        return YES
    return no(_("Only a master or a labour officer of the institution enters the work done."))


def can_check_timesheet(user: Any, payer_ids: Collection[int], place_id: int, on: date) -> Verdict:
    """An accountant of any payer of the people on it, at this institution."""
    if any(
        has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id)
        for payer_id in payer_ids
    ):
        return YES
    return no(_("Only an accountant who pays people of this workshop checks its timesheet."))


def can_lock_timesheet(
    user: Any, submitted_by_id: int | None, payer_ids: Collection[int], place_id: int, on: date
) -> Verdict:
    """Such an accountant, and never whoever submitted it."""
    verdict = can_check_timesheet(user, payer_ids, place_id, on)
    if verdict and user.pk == submitted_by_id:
        return no(_("You submitted this timesheet: another person locks it."))
    return verdict


def can_record_clearance(user: Any, place_id: int, kind: str, on: date) -> Verdict:
    """The labour officer of the institution; a safety briefing its master as well."""
    roles = SHIFT_ROLES if kind == ClearanceKind.BRIEFING else (Role.LABOUR_OFFICER,)
    if has_role_in(user, on, place_id, *roles):
        return YES
    if kind == ClearanceKind.BRIEFING:
        return no(_("Only a master or a labour officer of the institution enters a briefing."))
    return no(_("Equipment and medical admission are entered by the labour officer alone."))


def can_record_accident(user: Any, place_id: int, on: date) -> Verdict:
    """The labour officer of the institution."""
    if has_role_in(user, on, place_id, Role.LABOUR_OFFICER):
        return YES
    return no(_("Only a labour officer of the institution enters accidents and their notices."))


def can_arrange_training(user: Any, place_id: int, on: date) -> Verdict:
    """The labour officer of the institution."""
    if has_role_in(user, on, place_id, Role.LABOUR_OFFICER):
        return YES
    return no(_("Only a labour officer of the institution arranges a training."))


def can_keep_consents(user: Any, place_id: int, on: date) -> Verdict:
    """The labour officer of the institution where the person is held keeps their consents."""
    if has_role_in(user, on, place_id, Role.LABOUR_OFFICER):
        return YES
    return no(_("Only a labour officer of the institution keeps the consents of its people."))


def can_close_facts(user: Any, department_id: int, place_id: int, on: date) -> Verdict:
    """The department's analyst, for the places they answer for: nobody closes their own figures."""
    if has_role_in(user, on, department_id, Role.ANALYST, place_id=place_id):
        return YES
    return no(_("Only an analyst of the department closes or reopens the facts of a month."))


def can_keep_terminals(user: Any, place_id: int, on: date) -> Verdict:
    """The labour officer of the institution, or an administrator."""
    if has_role_in(user, on, place_id, Role.LABOUR_OFFICER) or has_role(
        user, on, Role.ADMINISTRATOR
    ):
        return YES
    return no(_("Only a labour officer of the institution or an administrator keeps terminals."))


def can_print_pin(user: Any, place_id: int, on: date) -> Verdict:
    """The labour officer of the institution where the person is held."""
    if has_role_in(user, on, place_id, Role.LABOUR_OFFICER):
        return YES
    return no(_("Only a labour officer of the institution prints letters with a PIN."))


def can_issue_register(user: Any, payer_id: int, place_id: int, on: date) -> Verdict:
    """The accountant of the payer, at this institution; so for the transfers of its registers."""
    if has_role_in(user, on, payer_id, Role.ACCOUNTANT, place_id=place_id):
        return YES
    return no(_("Only an accountant of the payer issues its payment registers."))


def can_read_statement(user: Any, payer_id: int, on: date) -> Verdict:
    """The accountant of the payer as a whole: a statement names payees of all its places."""
    if has_role_everywhere(user, on, payer_id, Role.ACCOUNTANT):
        return YES
    return no(
        _("Only an accountant of the payer for all institutions brings in statements of its bank.")
    )
