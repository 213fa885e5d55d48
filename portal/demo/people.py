"""Names, ages and identities of invented people, and the rows of their working records."""

from datetime import date, timedelta
from functools import cache
from random import Random

from inmates.identity import hmac_of_iin
from inmates.models import Inmate, InmateIdentity
from portal.demo.codes import demo_iin
from portal.demo.population import Person, State
from portal.demo.sources import read_data

FIRST_NUMBER = 1001
KAZAKH_SHARE = 0.62
WITHOUT_IIN = 0.012
OFFICERS = 2  # in institution № 22, the third of the list, former officers are held
PENSION_AGE = 63
VOWELS = "аәеиіоөуүұыэюя"


def make_people(people: list[Person], rng: Random, today: date) -> list[Inmate]:
    """A working record and an encrypted identity for each person, in their order."""
    inmates = [_inmate(person, rng, today) for person in people]
    Inmate.objects.bulk_create(inmates)
    taken: dict[date, int] = {}
    identities = []
    for inmate in inmates:
        taken[inmate.born_on] = taken.get(inmate.born_on, 0) + 1
        iin = (
            None if rng.random() < WITHOUT_IIN else demo_iin(inmate.born_on, taken[inmate.born_on])
        )
        identities.append(
            InmateIdentity(
                inmate=inmate,
                full_name=invented_name(rng),
                iin=iin,
                iin_hmac=hmac_of_iin(iin) if iin else None,
            )
        )
    InmateIdentity.objects.bulk_create(identities)
    return inmates


@cache
def _parts(kind: str) -> list[str]:
    """Words of one kind of names.json."""
    return read_data("names")[kind].split()


def invented_name(rng: Random) -> str:
    """Surname, first name and a father's name (Russian) or his name with «ұлы» (Kazakh)."""
    if rng.random() < KAZAKH_SHARE:
        stem = rng.choice(_parts("kazakh_stems"))
        surname = stem + ("ев" if stem[-1] in VOWELS else "ов")
        father = f"{rng.choice(_parts('kazakh_fathers'))}ұлы"
        return f"{surname} {rng.choice(_parts('kazakh_first'))} {father}"
    surname = f"{rng.choice(_parts('russian_stems'))}ов"
    father = rng.choice(_parts("russian_fathers"))
    return f"{surname} {rng.choice(_parts('russian_first'))} {father}"


def _inmate(person: Person, rng: Random, today: date) -> Inmate:
    age_days = int(rng.triangular(20 * 365, 67 * 365, 34 * 365))
    reasons = {span.what.reason for span in person.states if isinstance(span.what, State)}
    if "old-age" in reasons:
        age_days = rng.randrange((PENSION_AGE + 1) * 365, 74 * 365)
    is_old = age_days >= PENSION_AGE * 365.25 and rng.random() < 0.8
    is_officer = person.stays[-1].what == OFFICERS and age_days > 45 * 365
    pension = "age" if is_old else "service" if is_officer and rng.random() < 0.08 else "none"
    return Inmate(
        personnel_number=str(FIRST_NUMBER + person.number),
        born_on=today - timedelta(days=age_days),
        pension=pension,
        disability_group=_disability(reasons, rng),
    )


def _disability(reasons: set[str | None], rng: Random) -> int | None:
    """Groups 1 and 2 among those unable to work for it; a few of group 3 work."""
    if "disability" in reasons:
        return rng.choice([1, 2, 2])
    return 3 if rng.random() < 0.02 else None
