"""A second institution in which the cast's state enterprise employs people."""

from portal.accounts.enums import OrganisationKind as Kind
from tests.people import Cast, an_organisation
from workshops.models import Institution, Post, Workshop


def second_place(cast: Cast) -> tuple[Institution, Post]:
    colony = an_organisation(Kind.INSTITUTION, "Учреждение № 22 (тест)", 22)
    institution = Institution.objects.create(
        organisation=colony, number="22", department=cast.department, security="medium"
    )
    workshop = Workshop.objects.create(
        institution=institution, code="sewing-22", name_ru="Швейный цех"
    )
    post = Post.objects.create(workshop=workshop, name_ru="Швея", trade=cast.trade, seats=5)
    return institution, post
