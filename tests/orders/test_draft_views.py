"""Drawings and workshops of a draft; files of every bad sort; who may take a drawing."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from orders.models import Drawing, Invitation, ProductionRequest
from orders.services import drawings as services
from orders.services.drawings import add_drawing, remove_drawing
from orders.services.requests import NotADraft, publish_request
from portal.kernel import uploads
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from tests.files import a_jpeg_with_gps, a_pdf, a_picture, a_zip, an_exe
from tests.orders.request_builders import (
    a_customer,
    a_draft,
    a_drawing,
    a_published,
    another_workshop,
    invite,
    the_customer,
)
from tests.people import NOW, Cast


def page_of(request: ProductionRequest) -> str:
    return reverse("orders:request", args=[request.pk])


def adding(request: ProductionRequest) -> str:
    return reverse("orders:drawing_add", args=[request.pk])


def removing(drawing: Drawing) -> str:
    return reverse("orders:drawing_remove", args=[drawing.request_id, drawing.pk])


def taking(drawing: Drawing) -> str:
    return reverse("orders:drawing", args=[drawing.pk])


def stored() -> list[str]:
    folder = Path(settings.MEDIA_ROOT) / "drawings"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def customer(client, cast: Cast):
    client.force_login(the_customer())
    return client


def send(client: Any, request: ProductionRequest, content: bytes, name: str = "план.pdf") -> Any:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(adding(request), {"file": file})


# --- Added ---
def test_pdf_and_picture_are_added(customer, cast: Cast) -> None:
    request = a_draft()
    assert send(customer, request, a_pdf(2))["Location"] == f"{page_of(request)}#drawings"
    send(customer, request, a_jpeg_with_gps(40, 20), "фото.jpeg")
    pdf, photo = request.drawings.order_by("sequence")
    assert (pdf.sequence, pdf.kind, pdf.pages, pdf.original_name) == (1, "pdf", 2, "план.pdf")
    assert (photo.kind, photo.width, photo.height) == ("jpeg", 40, 20)
    page = customer.get(page_of(request)).content.decode()
    for words in ("план.pdf", "2 страницы", "фото.jpg", "40 × 20"):
        assert words in page


def test_stored_name_cannot_be_guessed_and_holds_no_typed_word(customer, cast: Cast) -> None:
    request = a_draft()
    send(customer, request, a_pdf(), "../../../etc/план.pdf")
    (name,) = stored()
    assert name != "план.pdf"
    assert len(name) == 36
    assert name.endswith(".pdf")


def test_stored_photo_tells_no_place(customer, cast: Cast) -> None:
    send(customer, a_draft(), a_jpeg_with_gps(), "фото.jpg")
    drawing = Drawing.objects.get()
    with drawing.file.open("rb") as file, Image.open(io.BytesIO(file.read())) as picture:
        assert dict(picture.getexif()) == {}


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (an_exe(), "план.pdf", "не то, что говорит имя"),
        (b"<svg onload='alert(1)'/>", "план.png", "не то, что говорит имя"),
        (b"<!doctype html><script>1</script>", "план.pdf", "не то, что говорит имя"),
        (a_zip("x"), "план.dwg", "не то, что говорит имя"),
        (a_pdf() + a_zip("x"), "план.pdf", "повреждён"),
        (a_picture()[:60], "план.png", "повреждён"),
        (b"", "план.pdf", "пуст"),
    ],
)
def test_bad_file_is_told_by_its_name_and_nothing_is_lost(
    customer, cast: Cast, content: bytes, name: str, words: str
) -> None:
    request = a_draft()
    a_drawing(request)
    response = send(customer, request, content, name)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert name in page
    assert "чертёж.pdf" in page
    assert "Хлопок, размеры 48–56" in page
    assert (Drawing.objects.count(), len(stored())) == (1, 1)


def test_no_file_at_all_is_told(customer, cast: Cast) -> None:
    response = customer.post(adding(a_draft()))
    assert response.status_code == 422
    assert "Сначала выберите файл." in response.content.decode()


def test_large_file_is_told(customer, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FILE_MEGABYTES", 0)
    response = send(customer, a_draft(), a_pdf())
    assert "больше 0 МБ" in response.content.decode()
    assert stored() == []


def test_same_file_twice_is_told(customer, cast: Cast) -> None:
    request = a_draft()
    for _time in range(2):
        response = send(customer, request, a_picture(), "план.png")
    assert response.status_code == 422
    assert "«план.png» уже приложен" in response.content.decode()
    assert len(stored()) == 1


def test_eleventh_drawing_is_refused(cast: Cast) -> None:
    request = a_draft()
    for number in range(1, 11):
        a_drawing(request, a_pdf(number))
    with pytest.raises(services.DrawingsFull):
        a_drawing(request, a_pdf(11))
    remove_drawing(
        actor=request.created_by,
        request_id=request.pk,
        drawing_id=request.drawings.get(sequence=4).pk,
        at=NOW,
    )
    assert a_drawing(request, a_pdf(11)).sequence == 4


def test_row_that_is_refused_leaves_no_file(cast: Cast, monkeypatch) -> None:
    request = a_draft()

    def broken(self: Drawing, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(Drawing, "save", broken)
    with pytest.raises(RuntimeError):
        a_drawing(request)
    assert stored() == []


def test_published_request_takes_and_gives_no_drawing(cast: Cast) -> None:
    request = a_draft()
    drawing = a_drawing(request)
    invite(request, cast.workshop)
    publish_request(actor=request.created_by, request_id=request.pk, at=NOW)
    with pytest.raises(NotADraft):
        a_drawing(request, a_pdf(2))
    with pytest.raises(NotADraft):
        remove_drawing(
            actor=request.created_by, request_id=request.pk, drawing_id=drawing.pk, at=NOW
        )
    assert len(stored()) == 1


@pytest.mark.parametrize("who", ["operator", "buyer", "stranger"])
def test_only_the_customer_adds_and_removes(cast: Cast, who: str) -> None:
    request = a_draft()
    drawing = a_drawing(request)
    file = SimpleUploadedFile("a.pdf", a_pdf(2))
    with pytest.raises(Forbidden):
        add_drawing(actor=cast.users[who], request_id=request.pk, file=file, at=NOW)
    with pytest.raises(Forbidden):
        remove_drawing(actor=cast.users[who], request_id=request.pk, drawing_id=drawing.pk, at=NOW)


# --- Removed ---
def test_removed_drawing_goes_with_its_file(
    customer, cast: Cast, django_capture_on_commit_callbacks
) -> None:
    drawing = a_drawing(a_draft())
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            assert customer.post(removing(drawing)).status_code == 302
    assert (Drawing.objects.count(), stored()) == (0, [])


def test_drawing_of_another_request_is_not_removed(customer, cast: Cast) -> None:
    request, other = a_draft(), a_draft()
    drawing = a_drawing(other)
    where = reverse("orders:drawing_remove", args=[request.pk, drawing.pk])
    assert customer.post(where).status_code == 302
    assert Drawing.objects.count() == 1


def test_removing_after_publication_is_told(customer, cast: Cast) -> None:
    request = a_draft()
    drawing = a_drawing(request)
    invite(request, cast.workshop)
    publish_request(actor=request.created_by, request_id=request.pk, at=NOW)
    page = customer.post(removing(drawing), follow=True).content.decode()
    assert "больше не меняется" in page


# --- Taken ---
def test_drawing_is_handed_out_as_a_file_and_recorded(customer, cast: Cast) -> None:
    content = a_pdf(2)
    drawing = a_drawing(a_draft(), content, "чертёж №1.pdf")
    response = customer.get(taking(drawing))
    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get(action="drawing_exported")
    assert (event.actor, event.subject_id) == (the_customer(), drawing.pk)
    assert event.details == {"request": drawing.request_id}


def test_both_sides_take_it_and_nobody_else(client, cast: Cast) -> None:
    other, elsewhere = another_workshop(cast)
    request = a_draft()
    drawing = a_drawing(request)
    client.force_login(cast.operator)
    assert client.get(taking(drawing)).status_code == 404, "a draft is the customer's alone"
    invite(request, cast.workshop)
    publish_request(actor=request.created_by, request_id=request.pk, at=NOW)
    taken = client.get(taking(drawing))
    assert taken.status_code == 200
    assert b"".join(taken.streaming_content)
    seen = {"stranger": 403, "master": 403, "head": 403, "buyer": 404}
    for who, status in seen.items():
        client.force_login(cast.users[who])
        assert client.get(taking(drawing)).status_code == status, who
    for user in (elsewhere, a_customer(43)[1]):
        client.force_login(user)
        assert client.get(taking(drawing)).status_code == 404
    client.logout()
    assert client.get(taking(drawing))["Location"].startswith("/accounts/login/")
    assert AuditEvent.objects.filter(action="drawing_exported").count() == 1
    assert other.pk


def test_drawing_by_its_stored_name_is_no_address(customer, cast: Cast) -> None:
    drawing = a_drawing(a_draft())
    for where in (f"/media/{drawing.file.name}", f"/{drawing.file.name}"):
        assert customer.get(where).status_code == 404


def test_lost_file_is_told(customer, cast: Cast) -> None:
    drawing = a_drawing(a_draft())
    default_storage.delete(drawing.file.name)
    response = customer.get(taking(drawing))
    assert response.status_code == 404
    assert "администратору портала" in response.content.decode()
    assert not AuditEvent.objects.filter(action="drawing_exported").exists()


# --- Workshops ---
def test_workshops_are_chosen_and_those_that_fit_stand_first(customer, cast: Cast) -> None:
    other, _user = another_workshop(cast)
    sewer = other.posts.get().trade
    request = a_draft(trade_ids=[sewer.pk])
    shown = customer.get(page_of(request)).context["workshops"]
    assert [one.workshop for one in shown] == [other, cast.workshop]
    assert [one.fits for one in shown] == [[sewer], []]
    where = reverse("orders:request_invite", args=[request.pk])
    customer.post(where, {"workshops": [other.pk, cast.workshop.pk]})
    assert Invitation.objects.count() == 2
    customer.post(where, {"workshops": [other.pk]})
    assert Invitation.objects.get().workshop == other


@pytest.mark.parametrize("chosen", [["0"], ["x"]])
def test_unknown_workshop_is_told(customer, cast: Cast, chosen: list[str]) -> None:
    request = a_draft()
    where = reverse("orders:request_invite", args=[request.pk])
    response = customer.post(where, {"workshops": chosen})
    assert response.status_code == 422
    assert "form-errors" in response.content.decode()


def test_invitation_of_a_published_request_is_not_taken_back(customer, cast: Cast) -> None:
    request = a_published(cast)
    where = reverse("orders:request_invite", args=[request.pk])
    assert customer.post(where, {"workshops": []}).status_code == 422
    assert Invitation.objects.count() == 1


def test_draft_takes_the_same_queries_for_one_and_three_workshops(
    customer, cast: Cast, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    request = a_draft()
    customer.get(page_of(request))
    with django_assert_max_num_queries(16) as counted:
        customer.get(page_of(request))
    another_workshop(cast, 51)
    another_workshop(cast, 52)
    with django_assert_num_queries(len(counted)):
        assert len(customer.get(page_of(request)).context["workshops"]) == 3
