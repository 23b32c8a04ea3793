"""Checks of the harness with scripted agents."""

import copy
import math

MINUTES = 110


def by_name(exercise, name):
    """A task of the list."""
    return next(task for task in exercise.TASKS if task.name == name)


def results_of(exercise, **successes):
    """Results of four tasks' trials from strings such as "1101"."""
    return {name: [exercise.Trial(digit == "1", (), "") for digit in digits] for name, digits in successes.items()}


def check_violations(exercise):
    """Changed, new and lost keys are found, unless they may change."""
    start = {"orders": {"a": 1}, "mail": [], "log": 1}
    end = {"orders": {"a": 2}, "mail": ["hello"], "new": 1}
    found = exercise.find_violations(start, end, frozenset({"orders"}))
    assert found == ("log", "mail", "new"), f"log is gone, mail changed and new was added; got {found}."
    assert exercise.find_violations(start, copy.deepcopy(start), frozenset()) == (), (
        "Nothing changed, nothing is found."
    )


def check_clean_world(exercise):
    """Each trial begins with the same world, whatever an earlier one did."""
    task = by_name(exercise, "cancel")
    before = copy.deepcopy(task.start)
    first = exercise.run_trial(task, task.solution, 0)
    assert first.success, "The solution of the task cancel did not succeed."
    assert task.start == before, "The trial changed the start of the task; give the agent a deep copy."
    assert not exercise.run_trial(task, exercise.idle, 0).success, "After a success, an idle agent succeeded as well."


def check_state_not_report(exercise):
    """The end state decides, not what the agent reports."""
    task = by_name(exercise, "move")
    trial = exercise.run_trial(task, lambda world, request, random: "Moved it to Friday. Done!", 0)
    assert not trial.success and trial.report.startswith("Moved"), (
        f"The agent only claims to have moved the meeting; got success={trial.success}, report={trial.report!r}."
    )


def check_side_effects(exercise):
    """A task that is solved with a forbidden effect is not a success."""
    task = by_name(exercise, "cancel")

    def agent(world, request, random):
        world["orders"]["a1"] = "cancelled"
        world["mail"].append("We cancelled everything.")
        return "Cancelled."

    trial = exercise.run_trial(task, agent, 0)
    assert trial.violations == ("mail",), f"The agent wrote a mail, which it must not; violations: {trial.violations}."
    assert not trial.success, "The order was cancelled, but a mail went out; that is no success."


def check_exceptions(exercise):
    """An agent that raises an exception has failed, and the suite goes on."""

    def agent(world, request, random):
        world["mail"].append("half a sentence")
        raise RuntimeError("no answer")

    results = exercise.run_suite(exercise.TASKS[:2], agent, 2)
    trials = [trial for task in results.values() for trial in task]
    assert len(trials) == 4 and not any(trial.success for trial in trials), (
        f"Expected four failed trials, got {trials}."
    )
    assert all(trial.report.startswith("failed:") and "no answer" in trial.report for trial in trials), (
        f"The report of such a trial begins with 'failed:' and names the error; got {trials[0].report!r}."
    )
    assert trials[0].violations == ("mail",), "The mail was written before the exception; it counts as a violation."


def check_seeds(exercise):
    """Trials of a suite differ by their seed, and a second run gives the same results."""
    task = by_name(exercise, "cancel")

    def agent(world, request, random):
        if random.random() < 0.5:
            world["orders"]["a1"] = "cancelled"
        return "Done."

    first, second = (exercise.run_suite([task], agent, 40)[task.name] for _ in range(2))
    wins = sum(trial.success for trial in first)
    assert 8 <= wins <= 32, f"An agent that succeeds half of the time won {wins} of 40; give each trial its own seed."
    assert first == second, "A second run with the same seeds gave other results."


def check_audit_finds_the_broken(exercise):
    """Of the five tasks, the audit finds the two with broken graders."""
    found = {task.name: exercise.audit(task) for task in exercise.TASKS}
    expected = {
        "cancel": [],
        "move": [],
        "keep": [],
        "both": ["passes without work"],
        "late": ["rejects the solution"],
    }
    for name, faults in expected.items():
        assert found[name] == faults, f"The audit of {name} gave {found[name]}; expected {faults}."


def check_audit_finds_chance(exercise):
    """A grader that decides by chance is found."""
    grades = iter([True, False] * 50)
    task = by_name(exercise, "cancel")
    shaky = exercise.Task("shaky", task.start, task.request, lambda world: next(grades), task.may_change, task.solution)
    found = exercise.audit(shaky)
    assert "varies" in found, f"The grader says yes and no in turn; the audit gave {found}."


def check_wilson(exercise):
    """16 of 20 give an interval from 0.584 to 0.919, and 10 of 10 does not give 1 to 1."""
    low, high = exercise.wilson(16, 20)
    assert math.isclose(low, 0.584, abs_tol=1e-3) and math.isclose(high, 0.919, abs_tol=1e-3), (
        f"16 of 20 gave ({low:.3f}, {high:.3f}); expected (0.584, 0.919)."
    )
    low, high = exercise.wilson(10, 10)
    assert math.isclose(low, 0.722, abs_tol=1e-3) and math.isclose(high, 1, abs_tol=1e-9), (
        f"10 of 10 gave ({low:.3f}, {high:.3f}); expected (0.722, 1.000)."
    )


def check_pass_numbers(exercise):
    """pass@k and pass^k are means over tasks of the two formulas."""
    results = results_of(exercise, a="11110000", b="11111111")
    value = exercise.pass_at(2, results)
    assert math.isclose(value, (1 - 6 / 28 + 1) / 2), f"pass@2 of 4/8 and 8/8 is 0.893; got {value:.3f}."
    value = exercise.pass_all(4, results)
    assert math.isclose(value, (1 / 70 + 1) / 2), f"pass^4 of 4/8 and 8/8 is 0.507; got {value:.3f}."
    value = exercise.pass_all(1, results)
    assert math.isclose(value, 0.75), f"pass^1 is the mean rate, 0.75; got {value:.3f}."


def check_compare(exercise):
    """Two versions are compared task by task, by a sign test."""
    before = results_of(exercise, a="0000", b="0100", c="0011", d="1111", e="1000", f="1100", g="0000")
    after = results_of(exercise, a="1000", b="1100", c="1111", d="1111", e="1110", f="1000", g="0001")
    rose, fell, p = exercise.compare(before, after)
    assert (rose, fell) == (5, 1), f"Five tasks rose, one fell and one stayed; got {rose} and {fell}."
    assert math.isclose(p, 2 * 7 / 64), f"The sign test of 5 against 1 has p = 0.219; got {p:.3f}."
    rose, fell, p = exercise.compare(before, before)
    assert (rose, fell, p) == (0, 0, 1.0), f"Without a difference p is 1; got {p}."
    even = exercise.compare(results_of(exercise, a="10", b="01"), results_of(exercise, a="11", b="00"))
    assert even == (1, 1, 1.0), f"One rise and one fall give p = 1, not more; got {even}."
