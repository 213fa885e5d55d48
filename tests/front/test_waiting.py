"""What waits for a person on the overview: counted for whom it concerns, told with a link."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from orders.services.spaces import decline_space_application
from portal.front.waiting import waiting_for
from portal.kernel.clock import day_of
from tests.orders.spaces import a_colleague, a_space, an_application
from tests.people import NOW, TODAY, Cast

LATE = NOW + timedelta(days=6)


@pytest.mark.parametrize("who", ["buyer", "operator", "accountant", "master", "stranger"])
def test_nothing_waits_for_others_and_nothing_is_asked(cast: Cast, who: str) -> None:
    an_application(cast, a_space(cast))
    user = getattr(cast, who)
    waiting_for(user, TODAY)
    with CaptureQueriesContext(connection) as asked:
        assert waiting_for(user, TODAY) == []
    assert len(asked) == 0


def test_department_is_told_from_the_day_after_the_last(cast: Cast) -> None:
    space = a_space(cast)
    for _time in range(2):
        an_application(cast, space)
    assert waiting_for(cast.analyst, day_of(LATE) - timedelta(days=1)) == []
    with translation.override("ru"):
        (told,) = waiting_for(cast.analyst, day_of(LATE))
    assert told.words.startswith("2 заявки на площади просрочены")
    assert (told.url, told.tone) == ("/department/visits/", "bad")


def test_owner_is_told_and_a_colleague_is_not(cast: Cast) -> None:
    application, colleague = an_application(cast, a_space(cast)), a_colleague(cast)
    with translation.override("ru"):
        (told,) = waiting_for(cast.labour_officer, TODAY)
    assert told.words == "1 заявка на площадь ждёт вашего ответа"
    assert waiting_for(colleague, TODAY) == []
    decline_space_application(
        actor=cast.labour_officer, application_id=application.pk, reason="нет", at=NOW
    )
    assert waiting_for(cast.labour_officer, TODAY) == []


def test_overview_shows_it_with_a_link(client: Client, cast: Cast) -> None:
    an_application(cast, a_space(cast))
    client.force_login(cast.analyst)
    with time_machine.travel(NOW):
        assert "просрочена" not in client.get("/office/").content.decode()
    client.force_login(cast.analyst)
    with time_machine.travel(LATE):
        client.force_login(cast.analyst)
        html = client.get("/office/").content.decode()
    assert "1 заявка на площадь просрочена" in html
    assert 'href="/department/visits/"' in html
    assert "message-error" in html
