from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pixie.domain.jobs.errors import JobNotDue, JobNotOver, JobOver, LeaseLost
from pixie.domain.jobs.generation import Ticket
from pixie.domain.jobs.job import TRANSITIONS, Job, JobError, JobStatus, Lease
from tests.support.builders.jobs import a_job
from tests.support.fakes.kernel import EPOCH

LEASE = Lease(length=timedelta(seconds=30))
FAILURE = JobError(code="provider_refused", message="no", retryable=False)


def a_claimed_job() -> Job:
    job = a_job()
    job.claim(EPOCH, LEASE)
    return job


def test_a_new_job_is_pending_and_due_at_once() -> None:
    job = a_job()

    assert job.status is JobStatus.PENDING
    assert job.due_at == EPOCH
    assert (job.version, job.attempts) == (1, 0)


def test_a_claim_counts_the_attempt_before_any_work() -> None:
    job = a_claimed_job()

    assert job.status is JobStatus.PROCESSING
    assert (job.attempts, job.fence, job.leased) == (1, 1, True)
    assert job.due_at == EPOCH + LEASE.length


def test_a_held_job_cannot_be_claimed_by_a_second_worker() -> None:
    job = a_claimed_job()

    with pytest.raises(JobNotDue):
        job.claim(EPOCH + timedelta(seconds=29), LEASE)


def test_a_lease_that_ran_out_counts_a_death_and_shuts_the_old_worker_out() -> None:
    job = a_claimed_job()

    job.claim(EPOCH + LEASE.length, LEASE)

    assert (job.deaths, job.attempts, job.fence) == (1, 2, 2)
    with pytest.raises(LeaseLost):
        job.complete(1, (), 0, EPOCH + LEASE.length)


def test_a_job_that_killed_three_workers_is_poisoned() -> None:
    job = a_claimed_job()
    now = EPOCH

    for _ in range(3):
        assert not job.poisoned(LEASE)
        now += LEASE.length
        job.claim(now, LEASE)

    assert job.poisoned(LEASE)


def test_the_last_chance_is_the_claim_after_which_one_more_death_ends_it() -> None:
    job = a_claimed_job()
    now = EPOCH

    chances = []
    for _ in range(3):
        chances.append(job.on_last_chance(LEASE))
        now += LEASE.length
        job.claim(now, LEASE)

    assert chances == [False, True, False]


def test_a_job_that_has_lost_no_worker_is_on_no_last_chance() -> None:
    assert not a_job().on_last_chance(Lease(length=LEASE.length, max_deaths=1))


def test_a_job_that_stands_back_is_looked_at_later_and_its_dead_worker_still_counts() -> None:
    job = a_claimed_job()
    now = EPOCH + LEASE.length
    job.stand_back(timedelta(seconds=1), now)

    with pytest.raises(JobNotDue):
        job.claim(now, LEASE)
    job.claim(now + timedelta(seconds=1), LEASE)

    assert (job.deaths, job.attempts) == (1, 2)


def test_a_lease_written_under_a_clock_since_set_back_counts_as_run_out() -> None:
    job = a_job(now=EPOCH)
    job.claim(EPOCH, LEASE)

    job.claim(EPOCH - timedelta(hours=1), LEASE)

    assert job.fence == 2


def test_waiting_for_the_provider_holds_no_worker_and_is_no_attempt() -> None:
    job = a_claimed_job()
    job.keep_ticket(1, Ticket(value="abc"))
    job.wait(1, 40, timedelta(seconds=2), EPOCH)

    job.claim(EPOCH + timedelta(seconds=2), LEASE)

    assert (job.attempts, job.deaths, job.progress) == (1, 0, 40)
    assert job.ticket == Ticket(value="abc")


def test_progress_never_goes_back_and_reaches_100_only_at_the_end() -> None:
    job = a_claimed_job()
    job.wait(1, 100, timedelta(), EPOCH)
    assert job.progress == 99

    job.claim(EPOCH, LEASE)
    job.wait(2, 50, timedelta(), EPOCH)

    assert job.progress == 99


def test_a_retry_waits_and_forgets_the_ticket() -> None:
    job = a_claimed_job()
    job.keep_ticket(1, Ticket(value="abc"))

    job.retry(1, timedelta(seconds=5), EPOCH, "provider_unavailable: gone")

    assert (job.status, job.ticket, job.due_at) == (JobStatus.PENDING, None, EPOCH + timedelta(seconds=5))
    with pytest.raises(JobNotDue):
        job.claim(EPOCH, LEASE)


def test_a_job_given_back_by_a_leaving_worker_has_lost_no_attempt() -> None:
    job = a_claimed_job()

    job.put_back(1, EPOCH)

    assert (job.status, job.attempts, job.deaths, job.due_at) == (JobStatus.PENDING, 0, 0, EPOCH)


def test_no_more_is_used_than_was_held() -> None:
    job = a_claimed_job()

    with pytest.raises(ValueError, match="never uses more"):
        job.complete(1, (), job.credits_reserved + 1, EPOCH)


def test_a_job_that_goes_on_is_not_over() -> None:
    with pytest.raises(JobNotOver):
        a_job().must_be_over()


@pytest.mark.parametrize("status", [status for status in JobStatus if not TRANSITIONS[status]])
def test_final_states_lead_nowhere(status: JobStatus) -> None:
    assert status.final


class JobLife(RuleBasedStateMachine):
    """Any order of claims, deaths, waits, retries and ends, with workers that come back from the dead."""

    def __init__(self) -> None:
        super().__init__()
        self.job = a_job()
        self.now = EPOCH
        self.fences: list[int] = []
        self.end: tuple[JobStatus, int] | None = None
        self.last_version = self.job.version

    @rule(seconds=st.integers(0, 120))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def a_worker_claims(self) -> None:
        due = self.job.due_at <= self.now
        try:
            self.job.claim(self.now, LEASE)
        except JobNotDue:
            assert not due
        except JobOver:
            assert self.end is not None
        else:
            self.fences.append(self.job.fence)

    @precondition(lambda self: self.fences)
    @rule(data=st.data(), verb=st.sampled_from(["ticket", "wait", "retry", "put_back", "complete"]))
    def a_worker_writes(self, data: st.DataObject, verb: str) -> None:
        fence = data.draw(st.sampled_from(self.fences))
        may_write = self.end is None and self.job.leased and fence == self.job.fence
        try:
            match verb:
                case "ticket":
                    self.job.keep_ticket(fence, Ticket(value="t"))
                case "wait":
                    self.job.wait(fence, data.draw(st.integers(0, 100)), timedelta(seconds=1), self.now)
                case "retry":
                    self.job.retry(fence, timedelta(seconds=1), self.now, "because")
                case "put_back":
                    self.job.put_back(fence, self.now)
                case "complete":
                    self.job.complete(fence, (), 1, self.now)
                    self.end = (self.job.status, self.job.version)
        except (LeaseLost, JobOver):
            assert not may_write
        else:
            assert may_write

    @rule(verb=st.sampled_from(["fail", "cancel"]))
    def it_is_ended_from_outside(self, verb: str) -> None:
        try:
            self.job.fail(FAILURE, self.now) if verb == "fail" else self.job.cancel(self.now)
        except JobOver:
            assert self.end is not None
        else:
            self.end = (self.job.status, self.job.version)

    @invariant()
    def the_end_never_changes(self) -> None:
        if self.end is not None:
            assert (self.job.status, self.job.version) == self.end

    @invariant()
    def versions_and_counts_only_grow(self) -> None:
        assert self.job.version >= self.last_version
        self.last_version = self.job.version
        assert 0 <= self.job.attempts <= self.job.fence
        assert self.job.deaths <= self.job.fence

    @invariant()
    def a_final_job_has_an_end_time_and_no_holder(self) -> None:
        assert self.job.status.final == (self.job.completed_at is not None)
        assert not (self.job.status.final and self.job.leased)


TestJobLife = JobLife.TestCase
TestJobLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
