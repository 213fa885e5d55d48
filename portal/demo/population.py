"""Two years of arrivals, releases, transfers, states and jobs, month by month. Pure.

`Population.live()` plays it from a seeded generator; `history.py` writes what came of it. At the
end of each month the numbers of people held, able-bodied and employed are those of `counts.py`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from portal.demo.counts import Heads

QUARANTINE_DAYS = 15
RELEASED = 0.013
TRANSFERRED = 0.002
LEFT_JOB = 0.022
RENEWED = 0.7
CONTRACT_DAYS = 350


@dataclass(slots=True)
class Span:
    """Days [begin, end) with what they are about: an institution, a post or a state."""

    what: object
    begin: date
    end: date | None = None


@dataclass(frozen=True)
class State:
    """Able-bodied or not, subject to labour or not, and why without paid work."""

    ability: str
    is_subject: bool
    reason: str | None = None


@dataclass(frozen=True)
class PostPlan:
    """A post as the demo fills it: `weight` people among 1 000 employed of its institution."""

    key: tuple[str, str]
    institution: int
    trade: str
    pay_form: str
    weight: int
    handed_over_on: date | None = None


@dataclass
class Person:
    """One person's spans; the last of each kind is the one in force."""

    number: int
    ability: str
    is_subject: bool
    stays: list[Span] = field(default_factory=list)
    states: list[Span] = field(default_factory=list)
    jobs: list[Span] = field(default_factory=list)

    @property
    def job(self) -> Span | None:
        return self.jobs[-1] if self.jobs and self.jobs[-1].end is None else None

    @property
    def is_held(self) -> bool:
        return self.stays[-1].end is None

    @property
    def last_change(self) -> date:
        """After this day a job may begin."""
        ready = self.stays[-1].begin + timedelta(days=QUARANTINE_DAYS)
        return max([ready, *(span.end or span.begin for span in self.jobs[-1:])])

    def set_state(self, day: date, reason: str | None) -> None:
        """From `day` on this is the state; what was foreseen for later days is gone."""
        self.close_states(day)
        state = State(self.ability, self.is_subject, reason)
        if self.states and self.states[-1].what == state and self.states[-1].end == day:
            self.states[-1].end = None
        else:
            self.states.append(Span(state, day))

    def close_states(self, day: date) -> None:
        while self.states and self.states[-1].begin >= day:
            self.states.pop()
        if self.states and (self.states[-1].end is None or self.states[-1].end > day):
            self.states[-1].end = day


@dataclass
class Population:
    """Everybody ever held, and the rules by which a month changes them."""

    rng: Random
    posts: list[PostPlan]
    reasons: dict[str, int]
    unable_reasons: dict[str, int]
    today: date
    people: list[Person] = field(default_factory=list)

    def begin(self, start: date, heads: list[Heads]) -> None:
        """Those already held when the two years begin, some of them long at work."""
        for institution, target in enumerate(heads):
            for index in range(target.held):
                arrived = start - timedelta(days=self.rng.randrange(60, 1500))
                person = self._arrive(institution, arrived, is_able=index < target.able)
                if index < target.able:
                    person.set_state(arrived + timedelta(days=QUARANTINE_DAYS), self._reason())
            self._hire_up_to(institution, target.employed, start - timedelta(days=300), start)

    def live(self, first: date, last: date, heads: list[Heads]) -> None:
        """One month: after it the numbers of each institution are those of `heads`."""
        self._hand_over(first, last)
        self._renew(first, last)
        for person in self._some(RELEASED, [p for p in self.people if p.is_held]):
            self._leave(person, self._day(first, last, after=person.last_change))
        self._transfer(first, last)
        self._leave_jobs(first, last)
        for institution, target in enumerate(heads):
            self._settle(institution, target, first, last)

    # --- who is where ---------------------------------------------------------------------

    def held(self, institution: int) -> list[Person]:
        return [p for p in self.people if p.is_held and p.stays[-1].what == institution]

    def _some(self, share: float, people: list[Person]) -> list[Person]:
        return [person for person in people if self.rng.random() < share]

    def _day(self, first: date, last: date, *, after: date) -> date | None:
        """A day of the month later than `after`, or None if there is none."""
        begin = max(first, after + timedelta(days=1))
        if begin > last:
            return None
        return begin + timedelta(days=self.rng.randrange((last - begin).days + 1))

    def _reason(self) -> str:
        return self.rng.choices(list(self.reasons), list(self.reasons.values()))[0]

    # --- coming and going -----------------------------------------------------------------

    def _arrive(self, institution: int, day: date, *, is_able: bool) -> Person:
        ability = "able" if is_able else "unknown" if self.rng.random() < 0.05 else "unable"
        is_subject = is_able and self.rng.random() > 0.03
        person = Person(len(self.people), ability, is_subject)
        person.stays.append(Span(institution, day))
        self.people.append(person)
        self._set_state_of_arrival(person, day)
        return person

    def _set_state_of_arrival(self, person: Person, day: date) -> None:
        if person.ability == "able":
            person.set_state(day, "quarantine")
            later = day + timedelta(days=QUARANTINE_DAYS)
            if later <= self.today:
                person.set_state(later, self._reason())
        else:
            person.set_state(day, self._unable_reason() if person.ability == "unable" else None)

    def _unable_reason(self) -> str:
        weights = self.unable_reasons
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _leave(self, person: Person, day: date | None) -> None:
        if day is None:
            return
        self._end_job(person, day)
        person.close_states(day)
        person.stays[-1].end = day

    def _transfer(self, first: date, last: date) -> None:
        institutions = sorted({post.institution for post in self.posts})
        for person in self._some(TRANSFERRED, [p for p in self.people if p.is_held]):
            day = self._day(first, last, after=person.last_change)
            if day is None:
                continue
            here = person.stays[-1].what
            self._leave(person, day)
            there = self.rng.choice([place for place in institutions if place != here])
            person.stays.append(Span(there, day))
            self._set_state_of_arrival(person, day)

    # --- jobs -----------------------------------------------------------------------------

    def _end_job(self, person: Person, day: date) -> None:
        if person.job is not None:
            person.job.end = day

    def _hand_over(self, first: date, last: date) -> None:
        """A workshop gets another operator: everybody is placed anew on that day."""
        due = {p.key for p in self.posts if p.handed_over_on and first <= p.handed_over_on <= last}
        for person in self.people:
            if person.job is not None and person.job.what.key in due:
                self._renew_job(person, person.job.what.handed_over_on)

    def _renew(self, first: date, last: date) -> None:
        for person in self.people:
            is_due = person.job is not None and (first - person.job.begin).days >= CONTRACT_DAYS
            if is_due and self.rng.random() < RENEWED:
                self._renew_job(person, self._day(first, last, after=person.job.begin))

    def _renew_job(self, person: Person, day: date) -> None:
        post = person.job.what
        self._end_job(person, day)
        person.jobs.append(Span(post, day))

    def _leave_jobs(self, first: date, last: date) -> None:
        for person in self._some(LEFT_JOB, [p for p in self.people if p.job is not None]):
            self._dismiss(person, first, last)

    def _dismiss(self, person: Person, first: date, last: date) -> bool:
        day = self._day(first, last, after=person.last_change)
        if day is None:
            return False
        self._end_job(person, day)
        person.set_state(day, "between-placements" if self.rng.random() < 0.4 else self._reason())
        return True

    # --- the end of the month -------------------------------------------------------------

    def _settle(self, institution: int, target: Heads, first: date, last: date) -> None:
        here = self.held(institution)
        self._drop_surplus(here, len(here) - target.held, first, last)
        here = self.held(institution)
        able = sum(p.ability == "able" for p in here)
        missing = target.held - len(here)
        for index in range(missing):
            day = first + timedelta(days=self.rng.randrange((last - first).days + 1))
            self._arrive(institution, day, is_able=able + index < target.able)
        self._settle_ability(institution, target, first, last)
        working = [p for p in self.held(institution) if p.job is not None]
        self.rng.shuffle(working)
        surplus = len(working) - target.employed
        for person in working:
            if surplus > 0 and self._dismiss(person, first, last):
                surplus -= 1
        self._hire_up_to(institution, target.employed, first, last)

    def _drop_surplus(self, here: list[Person], surplus: int, first: date, last: date) -> None:
        self.rng.shuffle(here)
        for person in here:
            day = self._day(first, last, after=person.last_change) if surplus > 0 else None
            if day is not None:
                self._leave(person, day)
                surplus -= 1

    def _settle_ability(self, institution: int, target: Heads, first: date, last: date) -> None:
        """People recover or fall ill until the number of the able-bodied is right."""
        here = self.held(institution)
        difference = sum(p.ability == "able" for p in here) - target.able
        self.rng.shuffle(here)
        for person in here:
            wanted = "unable" if difference > 0 else "able"
            if difference == 0 or person.ability == wanted or person.job is not None:
                continue
            day = self._day(first, last, after=max(person.last_change, person.states[-1].begin))
            if day is None:
                continue
            person.ability, person.is_subject = wanted, wanted == "able"
            person.set_state(day, self._reason() if wanted == "able" else self._unable_reason())
            difference += 1 if wanted == "able" else -1

    def _hire_up_to(self, institution: int, employed: int, first: date, last: date) -> None:
        here = self.held(institution)
        filled: dict[tuple[str, str], int] = {}
        for person in here:
            if person.job is not None:
                filled[person.job.what.key] = filled.get(person.job.what.key, 0) + 1
        posts = [post for post in self.posts if post.institution == institution]
        free = [p for p in here if p.job is None and p.ability == "able"]
        self.rng.shuffle(free)
        free.sort(key=lambda person: person.last_change > last - timedelta(days=40))
        missing = employed - sum(filled.values())
        for person in free:
            day = self._day(first, last, after=person.last_change) if missing > 0 else None
            if day is None:
                continue
            # The post furthest below its share of the institution's people.
            post = min(posts, key=lambda p: (filled.get(p.key, 0) + 1) / p.weight)
            filled[post.key] = filled.get(post.key, 0) + 1
            person.set_state(day, None)
            person.jobs.append(Span(post, day))
            missing -= 1
        if missing > 0:
            raise ValueError("too few people are free to be employed")
