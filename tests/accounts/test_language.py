"""Which language a page speaks, and that the choice is kept with the account."""

import pytest
from django.urls import reverse


def language_of(response) -> str:
    return response["Content-Language"]


def switch(client, language: str, back: str = "/"):
    return client.post(reverse("set_language"), {"language": language, "next": back})


def test_the_first_page_is_russian_whatever_the_browser_wishes(client, db):
    response = client.get("/accounts/login/", headers={"accept-language": "en-US,en;q=0.9"})
    assert language_of(response) == "ru"


@pytest.mark.parametrize("language", ["kk", "en", "ru"])
def test_a_switch_stays_on_the_page(client, db, language):
    response = switch(client, language, "/accounts/login/?next=/office/")
    assert response["Location"] == "/accounts/login/?next=/office/"
    assert language_of(client.get("/accounts/login/")) == language


def test_a_switch_never_leads_to_another_site(client, db):
    assert "elsewhere" not in switch(client, "kk", "https://elsewhere.example/")["Location"]


def test_an_unknown_language_is_ignored(client, db):
    client.cookies["django_language"] = "xx"
    assert language_of(client.get("/accounts/login/")) == "ru"


def test_the_choice_follows_the_person_to_another_device(client, cast):
    client.force_login(cast.buyer)
    switch(client, "kk")
    client.get("/office/")
    cast.buyer.refresh_from_db()
    assert cast.buyer.language == "kk"
    del client.cookies["django_language"]
    assert language_of(client.get("/office/")) == "kk"


def test_a_visitors_page_asks_nothing_for_its_language(client, db, django_assert_num_queries):
    switch(client, "kk")
    with django_assert_num_queries(0):
        client.get("/accounts/login/")


def test_every_signed_in_page_depends_on_the_cookie(client, cast):
    client.force_login(cast.buyer)
    assert "Cookie" in client.get("/office/")["Vary"]
