"""The simulation in benchmarks/ keeps its promise."""

from benchmarks import simulation


def test_an_audit_of_10002_requests_is_never_refused_and_hardly_slower_than_the_limits_allow():
    outcome = simulation.simulate(governed=True, size=10)
    assert (simulation.REQUESTS, simulation.LEAST) == (10_002, 7_200)
    assert outcome.succeeded == 10_002
    assert outcome.versions == 100_000
    assert outcome.refused == {}
    assert outcome.seconds <= 1.02 * 7_200


def test_without_a_governor_it_is_refused():
    outcome = simulation.simulate(governed=False, size=10)
    assert sum(outcome.refused.values()) > 9_000
    assert outcome.succeeded < 10_002
