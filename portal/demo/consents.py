"""Terms of the consents to data, scans, a few withdrawals with and without another place."""

import io
from datetime import date, datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from PIL import Image, ImageDraw

from inmates.models import Consent, DataConsentTerms, Placement, PlaceOffer
from inmates.selectors.queue import queue_for
from inmates.services.consents import withdraw_consent
from inmates.services.places import answer_offer, offer_place, place_from_queue
from inmates.services.scans import add_scan
from portal.accounts.models import User
from portal.demo.placements import Job
from portal.demo.places import Places
from portal.kernel.clock import ALMATY
from portal.kernel.periods import period_q
from workshops.models import Institution, Post

NINE = time(9)
ONE_DAY = timedelta(days=1)
DATA = "имя, ИИН, дата рождения, профессия и разряды, время работы, оплата, взносы, удержания"
THIRD = "налоговый орган, ЕНПФ, ГФСС, казначейство: как требует закон"
REASON = "Демо: нужен человек с этой профессией на срочный заказ школы"


def make_consents(jobs: list[Job], places: Places, officer: User, today: date) -> None:
    """What stands beside the consents of the demo; the last acts are those of an officer today."""
    _write_terms({job.inmate.pk: job for job in jobs}, places, today)
    at = datetime.combine(today, NINE, ALMATY)
    institution = Institution.objects.get(organisation__memberships__user=officer)
    working = Consent.objects.filter(
        period_q(today, "inmate__placements__"),
        kind="private_work",
        withdrawn_on=None,
        inmate__placements__employer=F("employer"),
        inmate__placements__post__workshop__institution=institution,
    ).order_by("inmate__personnel_number", "id")
    everybody = list(working.distinct())
    # Few: the workshop goes on with the others, also in the small demo of the tests.
    chosen = everybody[: min(3, len(everybody) // 5)]
    for number, consent in enumerate(chosen):
        add_scan(actor=officer, consent_id=consent.pk, file=_scan(number), at=at)
    # From tomorrow: today's figures stay those of the article.
    for consent in chosen[:2]:
        withdraw_consent(actor=officer, consent_id=consent.pk, on=today + ONE_DAY, at=at)
    post = Post.objects.filter(workshop__institution=institution).order_by("id").first()
    if post is None or len(chosen) < 2:
        return
    offer_place(
        actor=officer, inmate_id=chosen[1].inmate_id, post_id=post.pk, at=at, after_id=chosen[1].pk
    )
    _place_out_of_order(officer, post, today, at)


def _write_terms(jobs: dict[int, Job], places: Places, today: date) -> None:
    """The elements of each consent to data, with the institution as operator."""
    rows = []
    for consent in Consent.objects.filter(kind="personal_data").order_by("id"):
        operator = places.institutions[jobs[consent.inmate_id].institution].organisation
        rows.append(
            DataConsentTerms(
                consent=consent,
                operator=operator,
                operator_name=operator.name_ru,
                operator_bin=operator.bin,
                valid_until=date(consent.given_on.year + 3, 12, 31),
                data_list=DATA,
                third_parties=THIRD,
            )
        )
    DataConsentTerms.objects.bulk_create(rows)


def _scan(number: int) -> SimpleUploadedFile:
    """A picture that looks like a signed sheet and says that it is invented."""
    sheet = Image.new("L", (420, 594), 252)
    draw = ImageDraw.Draw(sheet)
    draw.text((40, 40), f"DEMO {number + 1}", fill=90)
    for line in range(12):
        draw.line([(40, 90 + line * 30), (380 - (line % 3) * 40, 90 + line * 30)], fill=170)
    draw.line([(240, 520), (300, 490), (290, 530), (370, 500)], fill=60, width=3)
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return SimpleUploadedFile(f"demo-{number + 1}.png", stream.getvalue(), "image/png")


def _place_out_of_order(officer: User, post: Post, today: date, at: datetime) -> None:
    """One place promised and taken back, and one given to the second with a written reason."""
    post = Post.objects.select_related("workshop__institution").get(pk=post.pk)
    queue = queue_for(post, today)
    if len(queue) < 3:
        return
    offer = offer_place(actor=officer, inmate_id=queue[2].waiting.inmate_id, post_id=post.pk, at=at)
    for action in ("accept", "take_back"):
        answer_offer(actor=officer, offer_id=offer.pk, action=action, at=at)
    second = next(row for row in queue_for(post, today) if row.place == 2)
    sample = Placement.objects.filter(post=post, effective_to=None).order_by("id").first()
    if sample is None or PlaceOffer.objects.filter(inmate=second.waiting.inmate_id).exists():
        return
    place_from_queue(
        actor=officer, inmate_id=second.waiting.inmate_id, post_id=post.pk, at=at, reason=REASON,
        effective_from=today + ONE_DAY, pay_form=sample.pay_form, basis=f"ДЕМО от {today:%d.%m.%Y}",
        employer=_employer_without_consent(sample), overfill_reason="Демо: вторая смена",
    )  # fmt: skip


def _employer_without_consent(sample: Placement) -> object:
    """The institution itself employs: its work needs no consent."""
    return sample.post.workshop.institution.organisation
