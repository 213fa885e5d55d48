"""Production requests of the demo: one with a drawing and two bids, one draft; by the services."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from orders.services.bids import Terms, submit_bid
from orders.services.drawings import add_drawing
from orders.services.requests import (
    Wanted,
    draft_request,
    invite_workshops,
    publish_request,
)
from portal.accounts.models import Organisation, User
from portal.demo.orders import moment
from portal.demo.places import Places
from portal.demo.sources import read_data
from portal.kernel.workdays import is_workday
from workshops.services import Stage

INK, WOOD, SHEET = "#1F2A30", "#8A4B14", "#FFFFFF"


def make_requests(
    organisations: dict[str, Organisation],
    users: dict[str, User],
    places: Places,
    operators: dict[int, User],
    today: date,
) -> None:
    """The requests of the file; `operators` answer for their organisations, by its key."""
    data = read_data("requests")
    customer, user = organisations[data["customer"]], users[data["user"]]
    for row in data["rows"]:
        at = _posted_at(row, today)
        request = draft_request(
            actor=user, customer_id=customer.pk, wanted=_wanted(row, places, today), at=at
        )
        if "drawing" in row:
            file = SimpleUploadedFile(row["drawing"], a_sketch())
            add_drawing(actor=user, request_id=request.pk, file=file, at=at)
        chosen = [places.workshops[code].pk for code in row["workshops"]]
        invite_workshops(actor=user, request_id=request.pk, workshop_ids=chosen, at=at)
        if row["bids"]:
            publish_request(actor=user, request_id=request.pk, at=at + timedelta(minutes=20))
        for number, bid in enumerate(row["bids"], start=1):
            workshop = places.workshops[bid["workshop"]]
            operator = places.operator_on(bid["workshop"], today)
            submit_bid(
                actor=operators[operator.pk],
                request_id=request.pk,
                workshop_id=workshop.pk,
                terms=_terms(bid, places, today),
                at=at + timedelta(hours=2 * number),
            )


def _posted_at(row: dict, today: date) -> datetime:
    """In the morning of the workday on or before the day the data names."""
    day = today - timedelta(days=row["days_ago"])
    while not is_workday(day):
        day -= timedelta(days=1)
    return moment(day, 10, 15)


def _wanted(row: dict, places: Places, today: date) -> Wanted:
    return Wanted(
        title=row["title"],
        description=row["description"],
        quantity=row["quantity"],
        unit=row["unit"],
        wanted_by=today + timedelta(days=row["wanted"]),
        answers_by=today + timedelta(days=row["answers"]),
        own_material=row["own_material"],
        trade_ids=[places.trades[code].pk for code in row["trades"]],
    )


def _terms(bid: dict, places: Places, today: date) -> Terms:
    return Terms(
        unit_price=Decimal(bid["price"]),
        ready_on=today + timedelta(days=bid["ready"]),
        minimum_batch=bid["batch"],
        comment=bid["comment"],
        stages=tuple(Stage(name, places.trades[trade].pk) for name, trade in bid["stages"]),
    )


def a_sketch() -> bytes:
    """A rack with five shelves and its measures, drawn by us."""
    sheet = Image.new("RGB", (700, 900), SHEET)
    pen = ImageDraw.Draw(sheet)
    for left in (150, 535):
        pen.rectangle((left, 90, left + 15, 810), outline=INK, width=3)
    for top in range(120, 780, 160):
        pen.rectangle((165, top, 535, top + 14), outline=WOOD, width=3)
    pen.line((90, 90, 90, 810), fill=INK, width=2)
    pen.line((150, 850, 550, 850), fill=INK, width=2)
    for x, y in ((90, 90), (90, 810), (150, 850), (550, 850)):
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=INK)
    pen.text((45, 440), "2000", fill=INK)
    pen.text((335, 862), "1200", fill=INK)
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()
