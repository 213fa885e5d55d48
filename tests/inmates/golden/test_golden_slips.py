"""Each story, calculated as a worker does it: every line to the tiyn, by both calculations."""

import pytest
from django.utils import translation

from inmates.explanations import explain
from inmates.models import PayRate, PayrollProblem, PayrollRun, Payslip
from inmates.run_refusals import InputsMissing
from inmates.selectors.pay_blockers import pay_blockers
from inmates.tasks import calculate_payroll_run
from tests.inmates.golden.story import ExpectedSlip, Story, all_stories
from tests.inmates.golden.world import World, a_world
from tests.inmates.months import started
from tests.people import Cast

STORIES = [story for story in all_stories() if not story.refused]
REFUSED = [story for story in all_stories() if story.refused]


@pytest.fixture
def bare(pay: Cast) -> Cast:
    """The cast without a rate: a story names each of its own."""
    PayRate.objects.all().delete()
    return pay


def start(world: World, payer: str, place: str) -> PayrollRun:
    return started(
        world.cast,
        world.story.month,
        actor=world.accountants[payer],
        payer_id=world.payers[payer].pk,
        institution_id=world.places[place].pk,
    )


def calculate(world: World) -> dict[tuple[str, str], PayrollRun]:
    runs = {}
    for payer, place in world.story.runs():
        run = start(world, payer, place)
        calculate_payroll_run(task_run=str(run.task_run_id))
        run.refresh_from_db()
        runs[payer, place] = run
    assert not PayrollProblem.objects.exists()
    return runs


def slip_of(runs: dict, expected: ExpectedSlip) -> Payslip:
    return Payslip.objects.get(
        run=runs[expected.payer, expected.place], inmate__personnel_number=expected.person
    )


def lines_of(slip: Payslip) -> list:
    return list(slip.lines.order_by("sequence").values_list("code", "amount"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_golden_slip(bare: Cast, story: Story) -> None:
    runs = calculate(a_world(bare, story))
    for expected in story.slips:
        slip = slip_of(runs, expected)
        assert lines_of(slip) == expected.lines
        assert (slip.net, slip.to_account) == (expected.net, expected.to_account)
    assert {run.difference_count for run in runs.values()} == {0}


@pytest.mark.parametrize("story", REFUSED, ids=lambda story: story.name)
def test_what_is_missing_is_named_and_never_nought(bare: Cast, story: Story) -> None:
    world = a_world(bare, story)
    (payer, place), *_none = world.story.runs()
    with pytest.raises(InputsMissing):
        start(world, payer, place)
    found = pay_blockers(world.payers[payer].pk, world.places[place].pk, story.month)
    assert [one.code for one in found] == story.refused


@pytest.mark.parametrize("story", STORIES[::10], ids=lambda story: story.name)
def test_every_line_of_a_golden_slip_explains_itself(bare: Cast, story: Story) -> None:
    runs = calculate(a_world(bare, story))
    for expected in story.slips:
        for line in slip_of(runs, expected).lines.all():
            for language in ("ru", "kk"):
                with translation.override(language):
                    assert explain(line.explanation, line.arguments)


def test_there_are_a_hundred_stories_and_no_two_are_the_same() -> None:
    stories = STORIES + REFUSED
    assert len({story.title for story in stories}) == len(stories) >= 100
    told = [str(story.facts | {"title": ""}) for story in stories]
    assert len(set(told)) == len(told)
