"""The addresses of payment registers and of the bank's statements, below `payroll/`."""

from django.urls import path

from inmates.views import bank, register_files, registers, requisites

urlpatterns = [
    path("registers/", registers.payment_registers, name="payment_registers"),
    path(
        "registers/issue/<int:payer_id>/<int:institution_id>/<str:month>/",
        registers.register_issue,
        name="register_issue",
    ),
    path("requisites/", requisites.requisites, name="requisites"),
    path("requisites/<slug:code>/", requisites.requisites_new, name="requisites_new"),
    path("registers/<int:register_id>/", registers.payment_register, name="payment_register"),
    path(
        "registers/<int:register_id>/file/<slug:kind>",
        register_files.register_file,
        name="register_file",
    ),
    path(
        "registers/<int:register_id>/orders/<int:order_id>/transfer/",
        registers.register_transfer,
        name="register_transfer",
    ),
    path(
        "registers/<int:register_id>/transfers/<int:transfer_id>/take-back/",
        registers.transfer_take_back,
        name="transfer_take_back",
    ),
    path("bank/", bank.bank_statements, name="bank_statements"),
    path("bank/<int:statement_id>/", bank.bank_statement, name="bank_statement"),
    path("bank/<int:statement_id>/apply/", bank.bank_statement_apply, name="bank_statement_apply"),
    path("bank/<int:statement_id>/drop/", bank.bank_statement_drop, name="bank_statement_drop"),
]
