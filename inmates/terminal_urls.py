"""The addresses of the reading terminals; inmates.urls includes them under its own names."""

from django.urls import path

from inmates.views import terminal, terminal_record, terminals, wage_statement

urlpatterns = [
    # On the device; nothing else of the portal opens there (views/terminal_gate.py)
    path("terminal/", terminal.terminal, name="terminal"),
    path("terminal/activate/", terminal.activate, name="terminal_activate"),
    path("terminal/pin/", terminal.own_pin, name="terminal_pin"),
    path("terminal/language/", terminal.language, name="terminal_language"),
    path("terminal/here/", terminal.here, name="terminal_here"),
    path("terminal/leave/", terminal.leave, name="terminal_leave"),
    path("terminal/pay/", terminal_record.pay, name="terminal_pay"),
    path("terminal/pay/<str:month>/", terminal_record.month, name="terminal_month"),
    path("terminal/debts/", terminal_record.debts, name="terminal_debts"),
    path("terminal/looks/", terminal_record.looks, name="terminal_looks"),
    # In the office
    path("terminals/", terminals.terminals, name="terminals"),
    path("terminals/<int:terminal_id>/code/", terminals.terminal_code, name="terminal_code"),
    path("terminals/<int:terminal_id>/revoke/", terminals.terminal_revoke, name="terminal_revoke"),
    path("people/<str:number>/pin/", terminals.person_pin, name="person_pin"),
    path(
        "payroll/payslips/<int:slip_id>/statement.pdf",
        wage_statement.wage_statement,
        name="wage_statement",
    ),
]
