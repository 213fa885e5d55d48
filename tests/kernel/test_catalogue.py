"""The catalogues: what is extracted, what a merge keeps, what the check refuses."""

import json
import threading
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.core.management import CommandError, call_command
from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import trans_real

from portal.kernel import catalogue
from portal.kernel.catalogue_check import is_balanced, message_problems, placeholders, problems

PYTHON = """
from django.utils.translation import gettext, gettext_lazy as _, ngettext, npgettext, pgettext_lazy

TITLE = _("Basket")
LONG = _(
    "One sentence "
    "in two pieces"
)
MONTH = pgettext_lazy("calendar", "May")

def count(n):
    return ngettext("%(n)s order", "%(n)s orders", n) + npgettext("shelf", "kit", "kits", n)

def not_a_message(name):
    return gettext(name)
"""

PAGE = """
{% load i18n %}
      <h1>{% translate "Cart of %" %}</h1>
  <p>{% blocktranslate trimmed count counter=n with who=name %}
       One thing
       of {{ who }}
     {% plural %}
       {{ counter }} things
       of {{ who }}
     {% endblocktranslate %}</p>
{# a remark #}
<p>{% blocktranslate context "sale" %}  Off {{ name }}, 5 %
 today{% endblocktranslate %}</p>
{% comment %}{{ _("never seen") }}{% endcomment %}
<p>{% translate "Close" context "window" %}{{ _("Quick")|upper }}</p>
{% if n == 2 %}{% translate 'Single quotes' as kept %}<b>{{ kept }}</b>{% endif %}
"""

PAGE_MESSAGES = {
    "Cart of %%",
    "One thing of %(who)s|%(counter)s things of %(who)s",
    "sale\u0004  Off %(name)s, 5 %%\n today",
    "window\u0004Close",
    "Quick",
    "Single quotes",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/views.py").write_text(PYTHON)
    (tmp_path / "templates/shop").mkdir(parents=True)
    (tmp_path / "templates/shop/page.html").write_text(PAGE)
    return tmp_path


@pytest.fixture
def locale_root(tree: Path) -> Path:
    return tree / "portal/locale"


def keys(found: Catalog) -> set[str]:
    return {catalogue.key_of(message) for message in found if message.id}


def text_of(locale_root: Path, language: str = "ru") -> str:
    return catalogue.catalogue_path(locale_root, language).read_text()


# --- Extraction ------------------------------------------------------------------------------


def test_extraction_of_python_knows_every_function(tree):
    (tree / "templates/shop/page.html").unlink()
    assert keys(catalogue.extract_tree(tree).catalogue) == {
        "Basket",
        "One sentence in two pieces",
        "calendar\u0004May",
        "%(n)s order|%(n)s orders",
        "shelf\u0004kit|kits",
    }


def test_extraction_of_a_template_gives_the_msgids_of_django(tree):
    (tree / "shop/views.py").unlink()
    assert keys(catalogue.extract_tree(tree).catalogue) == PAGE_MESSAGES


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "<p>Одна вещь, Асель</p>"),
        (2, "<p>2 вещи, Асель</p>"),
        (5, "<p>5 вещей, Асель</p>"),
    ],
)
def test_extracted_msgids_are_looked_up_at_run_time(
    tree, locale_root, settings, monkeypatch, number, expected
):
    words = {
        "Cart of %%": {"ru": "Корзина из %%"},
        "One thing of %(who)s|%(counter)s things of %(who)s": {
            "ru": ["Одна вещь, %(who)s", "%(counter)s вещи, %(who)s", "%(counter)s вещей, %(who)s"]
        },
        "sale\u0004  Off %(name)s, 5 %%\n today": {"ru": "Скидка %(name)s 5 %% сегодня"},
        "window\u0004Close": {"ru": "Закрыть"},
        "Quick": {"ru": "быстро"},
        "Single quotes": {"ru": "Кавычки"},
    }
    catalogue.update_catalogues(tree, locale_root, words)
    settings.LOCALE_PATHS = [locale_root]
    ours = trans_real.DjangoTranslation("ru", domain="django")
    monkeypatch.setitem(trans_real._translations, "ru", ours)
    engine = Engine(libraries={"i18n": "django.templatetags.i18n"})
    with translation.override("ru"):
        page = engine.from_string(PAGE).render(Context({"n": number, "name": "Асель"}))
    assert expected in page
    assert "<h1>Корзина из %</h1>" in page
    assert "<p>Скидка Асель 5 % сегодня</p>" in page
    assert "<p>ЗакрытьБЫСТРО</p>" in page
    assert ("<b>Кавычки</b>" in page) == (number == 2)


@pytest.mark.parametrize(
    "folder", ["tests", "node_modules/x", ".venv/lib", "shop/migrations", "portal/locale/ru"]
)
def test_extraction_passes_over_what_is_not_the_portal(tree, folder):
    place = tree / folder
    place.mkdir(parents=True)
    (place / "stranger.py").write_text('_("Stranger")')
    assert "Stranger" not in keys(catalogue.extract_tree(tree).catalogue)


def test_extraction_reads_mails_but_not_other_text_files(tree):
    (tree / "templates/mail.txt").write_text('{% load i18n %}{% translate "Dear reader" %}')
    (tree / "notes.txt").write_text('{% translate "Only a note" %}')
    found = keys(catalogue.extract_tree(tree).catalogue)
    assert "Dear reader" in found
    assert "Only a note" not in found


def test_extraction_names_a_template_that_is_half_written(tree):
    (tree / "templates/half.html").write_text("{% blocktranslate %}a{% if x %}")
    found = catalogue.extract_tree(tree)
    assert len(found.unreadable) == 1
    assert found.unreadable[0].startswith("templates/half.html")
    assert "Basket" in keys(found.catalogue)


# --- Merging ---------------------------------------------------------------------------------


def test_update_lays_words_over_the_catalogue(tree, locale_root):
    catalogue.update_catalogues(tree, locale_root, {"Basket": {"ru": "Корзина", "kk": "Себет"}})
    assert catalogue.read_catalogue(locale_root, "ru").get("Basket").string == "Корзина"
    assert catalogue.read_catalogue(locale_root, "kk").get("Basket").string == "Себет"


def test_update_twice_changes_nothing(tree, locale_root):
    catalogue.update_catalogues(tree, locale_root, {"Basket": {"ru": "Корзина"}})
    path = catalogue.catalogue_path(locale_root, "ru")
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    catalogue.update_catalogues(tree, locale_root, {})
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == stamp


def test_update_writes_no_dates_and_no_line_numbers(tree, locale_root):
    catalogue.update_catalogues(tree, locale_root, {})
    text = text_of(locale_root)
    assert "Date" not in text
    assert "#: shop/views.py\n" in text
    assert "views.py:" not in text


def test_update_keeps_the_translation_of_what_is_gone_and_brings_it_back(tree, locale_root):
    catalogue.update_catalogues(tree, locale_root, {"Basket": {"ru": "Корзина"}})
    source = tree / "shop/views.py"
    source.write_text(PYTHON.replace('"Basket"', '"Cart"'))
    catalogue.update_catalogues(tree, locale_root, {})
    assert '#~ msgid "Basket"\n#~ msgstr "Корзина"' in text_of(locale_root)
    source.write_text(PYTHON)
    catalogue.update_catalogues(tree, locale_root, {})
    assert "#~" not in text_of(locale_root)
    assert catalogue.read_catalogue(locale_root, "ru").get("Basket").string == "Корзина"


def test_update_keeps_words_nobody_asks_for_yet(tree, locale_root):
    words = {
        "Later": {"ru": "Позже"},
        "ctx\u0004Later": {"ru": "Потом"},
        "%(n)s hour|%(n)s hours": {"ru": ["%(n)s час", "%(n)s часа", "%(n)s часов"]},
    }
    catalogue.update_catalogues(tree, locale_root, words)
    (tree / "shop/later.py").write_text(
        '_("Later")\npgettext("ctx", "Later")\nngettext("%(n)s hour", "%(n)s hours", n)\n'
    )
    catalogue.update_catalogues(tree, locale_root, {})
    stored = catalogue.read_catalogue(locale_root, "ru")
    assert stored.get("Later").string == "Позже"
    assert stored.get("Later", context="ctx").string == "Потом"
    assert stored.get("%(n)s hour").string == (
        "%(n)s час",
        "%(n)s часа",
        "%(n)s часов",
        "%(n)s часов",
    )


def test_update_forgets_what_is_gone_and_was_never_translated(tree, locale_root):
    catalogue.update_catalogues(tree, locale_root, {})
    (tree / "shop/views.py").unlink()
    catalogue.update_catalogues(tree, locale_root, {})
    assert "Basket" not in text_of(locale_root)


def test_update_makes_no_fuzzy_entries(tree, locale_root):
    catalogue.update_catalogues(tree, locale_root, {"Basket": {"ru": "Корзина"}})
    (tree / "shop/views.py").write_text('_("Baskets")')
    catalogue.update_catalogues(tree, locale_root, {})
    assert "fuzzy" not in text_of(locale_root)
    assert catalogue.read_catalogue(locale_root, "ru").get("Baskets").string == ""


def test_words_of_one_language_leave_the_other_alone(tree, locale_root):
    catalogue.update_catalogues(tree, locale_root, {"Basket": {"ru": "Корзина", "kk": "Себет"}})
    catalogue.update_catalogues(tree, locale_root, {"Basket": {"ru": "Корзинка"}})
    assert catalogue.read_catalogue(locale_root, "ru").get("Basket").string == "Корзинка"
    assert catalogue.read_catalogue(locale_root, "kk").get("Basket").string == "Себет"


def test_one_kazakh_text_fills_both_forms(tree, locale_root):
    words = {"%(n)s order|%(n)s orders": {"kk": ["%(n)s тапсырыс"]}}
    catalogue.update_catalogues(tree, locale_root, words)
    stored = catalogue.read_catalogue(locale_root, "kk").get("%(n)s order")
    assert stored.string == ("%(n)s тапсырыс",) * 2


def test_a_word_that_becomes_plural_keeps_its_text(tree, locale_root):
    source = tree / "shop/views.py"
    source.write_text('_("kit")')
    catalogue.update_catalogues(tree, locale_root, {"kit": {"kk": "жиынтық"}})
    source.write_text('ngettext("kit", "kits", n)')
    catalogue.update_catalogues(tree, locale_root, {})
    assert catalogue.read_catalogue(locale_root, "kk").get("kit").string == ("жиынтық",) * 2


def test_plural_headers_are_those_of_django():
    for language in catalogue.LANGUAGES:
        django = trans_real.DjangoTranslation(language, domain="django")
        header = django._catalog[""]
        for number in range(200):
            ours = catalogue.PLURAL_FORMS[language]
            assert ours.replace(" ", "")[:10] in header.replace(" ", "").replace("\n", "")
            assert django.plural(number) < int(ours[len("nplurals=")])


def test_updates_at_once_lose_nothing(tree, locale_root):
    (tree / "shop/views.py").write_text("\n".join(f'_("Word {n}")' for n in range(6)))
    workers = [
        threading.Thread(
            target=catalogue.update_catalogues,
            args=(tree, locale_root, {f"Word {n}": {"ru": f"Слово {n}"}}),
        )
        for n in range(6)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    stored = catalogue.read_catalogue(locale_root, "ru")
    assert [stored.get(f"Word {n}").string for n in range(6)] == [f"Слово {n}" for n in range(6)]


def test_write_atomically_leaves_no_draft_and_a_readable_file(tmp_path):
    path = tmp_path / "deep/django.po"
    catalogue.write_atomically(path, b"one")
    catalogue.write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [found.name for found in path.parent.iterdir()] == ["django.po"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_compile_writes_what_gettext_reads(tree, locale_root, settings):
    catalogue.update_catalogues(tree, locale_root, {"Basket": {"ru": "Корзина"}})
    compiled = catalogue.catalogue_path(locale_root, "ru").with_suffix(".mo")
    compiled.unlink()
    catalogue.compile_catalogues(locale_root)
    settings.LOCALE_PATHS = [locale_root]
    ours = trans_real.DjangoTranslation("ru", domain="django")
    assert compiled.exists()
    assert ours.gettext("Basket") == "Корзина"


@pytest.mark.parametrize("content", ["[]", '{"a": "б"}', '{"a": {"de": "b"}}', "{"])
def test_read_words_refuses_another_shape(tmp_path, content):
    path = tmp_path / "words.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"."):
        catalogue.read_words(path)


# --- Checking --------------------------------------------------------------------------------


def entry(msgid, string, context=None, flags=()):
    return Message(msgid, string, context=context, flags=flags)


@pytest.mark.parametrize(
    ("language", "message", "expected"),
    [
        ("ru", entry("Basket", "Корзина"), []),
        ("ru", entry("Basket", ""), ["missing"]),
        ("ru", entry("Basket", "Корзина", flags=["fuzzy"]), ["fuzzy"]),
        ("ru", entry("%(n)s of", "из"), ["placeholders differ in 'из'"]),
        ("ru", entry("Dear {name}", "{nam}"), ["placeholders differ in '{nam}'"]),
        ("ru", entry("5 %% of %(n)s", "5 %% от %(n)s"), []),
        ("ru", entry("<b>A</b>", "<b>А</b>"), []),
        ("ru", entry("<b>A</b>", "<b>А"), ["tags differ in '<b>А'"]),
        ("ru", entry("<b>A</b>", "</b>А<b>"), ["tags differ in '</b>А<b>'"]),
        ("ru", entry(("one", "%(n)s"), ("%(n)s a", "%(n)s b", "%(n)s c", "%(n)s d")), []),
        ("kk", entry(("one", "%(n)s"), ("бір", "%(n)s")), []),
        ("kk", entry(("one", "%(n)s"), ("бір", "көп")), ["placeholders differ in 'көп'"]),
        ("kk", entry(("one", "many"), ("бір", "")), ["missing"]),
    ],
)
def test_message_problems(language, message, expected):
    assert list(message_problems(language, message)) == expected


def test_first_russian_form_must_count_because_it_is_for_21_as_well():
    message = entry(("One", "%(n)s"), ("Одна", "%(n)s", "%(n)s", "%(n)s"))
    assert list(message_problems("ru", message)) == ["placeholders differ in 'Одна'"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("%(a)s %(b)d {c} {}", {"%(a)", "%(b)", "{c}", "{}"}),
        ("100%% sure", set()),
        ("%d of %s", {"%d", "%s"}),
        ("{number:>5}", {"{number}"}),
    ],
)
def test_placeholders(text, names):
    assert placeholders(text) == names


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ("plain", True),
        ("<a href='x'>a</a><br>", True),
        ("<i/>", True),
        ("<a><b></a></b>", False),
        ("</p>", False),
        ("1 < 2 and 3 > 2", True),
    ],
)
def test_is_balanced(text, balanced):
    assert is_balanced(text) is balanced


def test_problems_name_missing_and_stale_entries(tree, locale_root):
    catalogue.update_catalogues(tree, locale_root, {})
    (tree / "shop/views.py").write_text('_("Cart")')
    (tree / "templates/shop/page.html").unlink()
    found = problems(tree, locale_root)
    assert "ru: not in the catalogue, run --update: 'Cart'" in found
    assert "kk: stale, nobody asks for it: 'Basket'" in found


def test_problems_are_none_when_all_is_said(tree, locale_root):
    (tree / "shop/views.py").write_text('_("Basket")')
    (tree / "templates/shop/page.html").unlink()
    catalogue.update_catalogues(tree, locale_root, {"Basket": {"ru": "Корзина", "kk": "Себет"}})
    assert problems(tree, locale_root) == []


# --- The command -----------------------------------------------------------------------------


@pytest.fixture
def command(settings, tree, locale_root):
    settings.BASE_DIR = tree
    settings.LOCALE_PATHS = [locale_root]

    def run(*args: str) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        try:
            call_command("catalogues", *args, stdout=out, stderr=err, no_color=True)
        except CommandError as error:
            err.write(str(error))
        return out.getvalue(), err.getvalue()

    return run


def test_command_updates_and_checks(command, tree):
    words = tree / "words.json"
    words.write_text(json.dumps({"Basket": {"ru": "Корзина", "kk": "Себет"}}))
    (tree / "shop/views.py").write_text('_("Basket")')
    (tree / "templates/shop/page.html").unlink()
    assert command("--update", "--words", str(words)) == ("1 messages.\n", "")
    assert command("--check") == ("The catalogues are complete.\n", "")


def test_command_check_names_each_problem(command):
    command("--update")
    out, err = command("--check")
    assert out == ""
    assert "ru: missing: 'Basket'" in err
    assert "problems in the catalogues." in err


def test_command_refuses_a_bad_words_file(command, tree):
    words = tree / "words.json"
    words.write_text("[]")
    out, err = command("--update", "--words", str(words))
    assert out == ""
    assert "a words file is an object" in err


def test_command_refuses_words_without_update(command, tree):
    assert command("--compile", "--words", "x.json") == ("", "--words goes with --update.")


def test_command_compiles(command, locale_root):
    command("--update")
    compiled = catalogue.catalogue_path(locale_root, "kk").with_suffix(".mo")
    compiled.unlink()
    command("--compile")
    assert compiled.exists()
