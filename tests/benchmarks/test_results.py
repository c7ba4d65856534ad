"""Results are read as they are, and refused where they have another form."""

from collections.abc import Callable

import pytest
from benchmarks.peers.results import Machine, NotMeasuredError, Round, Summary, WrongResultsError, read
from tests.benchmarks.made_up import Json, changed, figure, put, results, uninstalled


def test_everything_is_read() -> None:
    found = results()
    assert found.machine == Machine(processor="Made-up 9000", cores=2, system="Linux 6.1", python="3.11.7")
    assert found.contender("githubkit").versions == {"githubkit": "1.2.3"}
    assert found.task("audit-50ms-64").limit == 0.5
    assert found.figures["httpx", "list"].rounds[0] == Round(0.405, 100, 1, 9.0)
    assert found.simulation
    assert found.simulation.refused_without_governor == 9102


def test_the_median_of_an_even_number_is_between_two() -> None:
    assert Summary((4.0, 1.0, 2.0, 3.0)).median == 2.5


def test_the_spread_is_relative_to_the_median() -> None:
    assert Summary((1.0, 2.0, 1.5, 3.0, 2.0)).spread == 1.0


@pytest.mark.parametrize("values", [(1.0,), (0.0, 0.0)])
def test_one_round_or_nothing_at_all_has_no_spread(values: tuple[float, ...]) -> None:
    assert Summary(values).spread is None


def test_rounds_without_a_quantity_do_not_count() -> None:
    data = changed()
    put(data, "ghpackages", "stream", "megabytes", None, 5.0, None, 7.0)
    assert read(data).summary("ghpackages", "stream", "megabytes").values == (5.0, 7.0)


def test_a_run_needs_no_simulation() -> None:
    assert read({**changed(), "simulation": None}).simulation is None


def test_the_layers_of_a_breakdown_are_told_apart() -> None:
    found = results().breakdown[2]
    assert (found.contender, found.concurrency, found.seconds) == ("ghpackages-fast", 16, 0.4)
    assert [round(own, 6) for own in found.own.values()] == [0.144, 0.046, 0.02, 0.09, 0.02, 0.06, 0.02]


def test_a_run_needs_no_breakdown() -> None:
    data = changed()
    del data["breakdown"]
    assert read(data).breakdown == ()


def _no_machine(data: Json) -> None:
    del data["machine"]["cores"]


def _other_schema(data: Json) -> None:
    data["schema"] = 2


def _text_for_number(data: Json) -> None:
    data["figures"][3]["rounds"][1]["seconds"] = "0.1"


def _not_a_number(data: Json) -> None:
    data["figures"][3]["rounds"][1]["seconds"] = float("nan")


def _flag_for_number(data: Json) -> None:
    data["tasks"][0]["concurrency"] = True


def _no_list(data: Json) -> None:
    data["contenders"] = {}


def _list_for_object(data: Json) -> None:
    data["machine"] = []


def _number_for_text(data: Json) -> None:
    data["contenders"][1]["versions"]["httpx"] = 28


def _number_for_flag(data: Json) -> None:
    data["pinned"] = 1


def _stranger(data: Json) -> None:
    data["figures"][0]["contender"] = "curl"


def _unknown_task(data: Json) -> None:
    data["figures"][0]["task"] = "nap"


def _twice(data: Json) -> None:
    data["figures"][1] = data["figures"][0]


def _no_layers(data: Json) -> None:
    data["breakdown"][1]["layers"] = []


def _text_for_seconds(data: Json) -> None:
    data["breakdown"][1]["layers"][2]["seconds"] = "0.1"


def _layer_twice(data: Json) -> None:
    data["breakdown"][1]["layers"][2]["name"] = "pages"


def _breakdown_of_a_stranger(data: Json) -> None:
    data["breakdown"][0]["contender"] = "curl"


def _breakdown_twice(data: Json) -> None:
    data["breakdown"][1]["concurrency"] = 16


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (_no_machine, "machine.cores: missing"),
        (_other_schema, "schema: the form 1 is expected, not 2"),
        (_text_for_number, "figures[3].rounds[1].seconds: a number is expected, not '0.1'"),
        (_not_a_number, "figures[3].rounds[1].seconds: a number is expected, not nan"),
        (_flag_for_number, "tasks[0].concurrency: a whole number is expected, not True"),
        (_no_list, "contenders: a list is expected, not {}"),
        (_list_for_object, "machine: an object is expected, not []"),
        (_number_for_text, "contenders[1].versions.httpx: a text is expected, not 28"),
        (_number_for_flag, "pinned: true or false is expected, not 1"),
        (_stranger, "figures[0].contender: 'curl' is not among the contenders"),
        (_unknown_task, "figures[0].task: 'nap' is not among the tasks"),
        (_twice, "figures[1]: python has import twice"),
        (_no_layers, "breakdown[1].layers: at least one layer is expected, not []"),
        (_text_for_seconds, "breakdown[1].layers[2].seconds: a number is expected, not '0.1'"),
        (_layer_twice, "breakdown[1].layers: two have the same name"),
        (_breakdown_of_a_stranger, "breakdown[0].contender: 'curl' is not among the contenders"),
        (_breakdown_twice, "breakdown[1]: ghpackages has 16 at once twice"),
    ],
)
def test_another_form_is_refused_with_the_place(change: Callable[[Json], None], complaint: str) -> None:
    data = changed()
    change(data)
    with pytest.raises(WrongResultsError) as error:
        read(data)
    assert str(error.value) == complaint


def test_why_something_was_not_measured_is_told() -> None:
    data = changed()
    uninstalled(data, "msgspec", "no wheel")
    figure(data, "githubkit", "list")["problem"] = "9,999 packages"
    put(data, "httpx", "list", "seconds", None)
    found = read(data)
    reasons: list[str] = []
    for contender, task in (
        ("msgspec", "decode-package"), ("githubkit", "list"), ("httpx", "list"), ("orjson", "list"), ("curl", "list"),
        ("httpx", "nap"),
    ):  # fmt: skip
        with pytest.raises(NotMeasuredError) as reason:
            found.summary(contender, task)
        reasons.append(str(reason.value))
    assert reasons == [
        "msgspec structs could not be installed: no wheel",
        "githubkit failed in “list, 0 ms”: 9,999 packages",
        "seconds of httpx, dicts in “list, 0 ms”: not in this run",
        "seconds of orjson, dicts in “list, 0 ms”: not in this run",
        "curl took no part in this run",
        "nap was no part of this run",
    ]
