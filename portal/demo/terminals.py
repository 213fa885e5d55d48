"""Reading terminals of the demo: entered and waiting for a code, as on the first day of one.

Nobody has a PIN yet: the officer prints a letter on a person's page, and a private window of the
browser becomes the terminal (README, what to try).
"""

from datetime import date

from inmates.services.terminals import add_terminal
from portal.accounts.models import User
from portal.demo.orders import moment
from portal.demo.places import Places

# Institution, its officer's account, where the terminal stands.
TERMINALS = (
    ("16", "labour", "Отряд 3, коридор (демо)"),
    ("16", "labour", "Клуб (демо)"),
    ("13", "labour13", "Отряд 1, библиотека (демо)"),
)


def make_terminals(places: Places, users: dict[str, User], today: date) -> None:
    """Three devices in two institutions."""
    by_number = {one.number: one.pk for one in places.institutions}
    for number, officer, place in TERMINALS:
        if number in by_number:
            add_terminal(
                actor=users[officer], institution_id=by_number[number],
                place=place, at=moment(today, 9, 20),
            )  # fmt: skip
