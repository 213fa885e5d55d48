"""The public pages as a search finds them; one that has no view yet is left out."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.front.menu import address
from portal.kernel.matching import Asked, finds

Text = str | Promise


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page: its title, what it is for, and other words people use for it."""

    title: Text
    about: Text
    url_name: str
    also: Text = ""

    @property
    def url(self) -> str:
        return address(self.url_name)


SITE_PAGES = (
    SitePage(_("Catalogue"), _("What the workshops make, with parts, papers and price."),
             "workshops:catalogue", _("goods products furniture toys shop price buy")),
    SitePage(_("Basket"), _("What you have chosen, by seller, with sums."), "orders:basket"),
    SitePage(_("Production requests"),
             _("Post what is to be made; the workshops answer with bids."),
             "orders:request_new", _("order production tender bid drawing batch")),
    SitePage(_("Production areas"), _("Idle areas that wait for a business."),
             "workshops:spaces", _("space rent area premises hall square metres")),
    SitePage(_("Pay calculator"),
             _("From the wage to what is paid out, each tenge with its rule."),
             "front:pay_calculator", _("wage salary tax contribution gross net count")),
    SitePage(_("Document check"), _("Does a paper hold, and who issued it: by QR code or number."),
             "front:verify", _("verify authenticity QR code payslip confirmation certificate")),
    SitePage(_("A question about wages"),
             _("Whoever disagrees with a payslip asks outside the institution, without a name."),
             "inmates:questions_outside",
             _("payslip disagree complaint prosecutor labour inspection department code")),
    SitePage(_("Questions about wages in figures"),
             _("How many are asked of what, and how long the answers take."),
             "inmates:question_figures", _("statistics questions wages complaints")),
    SitePage(_("Contacts"), _("Institutions, operators of the workshops, and the portal itself."),
             "front:contacts", _("phone telephone e-mail address who answers feedback complaint")),
    SitePage(_("Accessibility"), _("How the portal works for everybody, and what does not yet."),
             "front:accessibility", _("keyboard screen reader contrast disability statement")),
    SitePage(_("What the portal keeps"), _("Cookies, accounts and orders: what, why, how long."),
             "front:privacy", _("privacy personal data cookies law")),
    SitePage(_("Registration of an organisation"), _("By BIN, or by IIN of an entrepreneur."),
             "accounts:register_organisation", _("register account sign up")),
)  # fmt: skip


def pages_found(asked: Asked) -> list[SitePage]:
    """The pages whose words answer the query, in the language of the reader."""
    if not asked.words:
        return []
    return [
        page
        for page in SITE_PAGES
        if page.url and finds(f"{page.title} {page.about} {page.also}", asked)
    ]
