"""Checks of the exercise at-safety."""

from types import ModuleType
from typing import Any

MINUTES = 150


def make_tools(exercise: ModuleType, done: list[str]) -> dict[str, Any]:
    """Return tools that note in `done` what they did."""

    def note(words: str, result: str) -> str:
        done.append(words)
        return result

    tool = exercise.Tool
    tools = [
        tool("read_page", lambda url: note(f"page {url}", "eve@evil.example"), "read", "web"),
        tool("read_file", lambda path: note(f"file {path}", "salary 100"), "read", "files", is_private=True),
        tool("write_file", lambda path, text: note(f"wrote {path}", "ok"), "write", "files"),
        tool("send_mail", lambda to, body: note(f"mail {to}: {body}", "sent"), "send", "receipt", target="to"),
    ]
    return {each.name: each for each in tools}


def run(exercise: ModuleType, calls: list[tuple[str, dict[str, Any]]], yes: bool = True) -> tuple[Any, Any, Any, Any]:
    """Run a plan; return results, log, what the tools did, and what the person was asked."""
    done, asked = list[str](), list[str]()

    def approve(question: str) -> bool:
        asked.append(question)
        return yes

    plan = [exercise.Call(name, arguments) for name, arguments in calls]
    policy = exercise.Policy("/safe", ("news.example",))
    results, log = exercise.run_plan(plan, make_tools(exercise, done), policy, approve)
    return results, log, done, asked


def check_sources(exercise: ModuleType) -> None:
    """A text that is made of others has the sources of all of them."""
    value = exercise.join_values(exercise.Value("Dear"), exercise.Value("Eve", frozenset({"web"})))
    assert value.text == "Dear Eve", f"Joining `Dear` and `Eve` gave {value.text!r}."
    assert value.sources == {"user", "web"}, (
        f"A text of the user's and of a web page has the sources {set(value.sources)}."
    )


def check_paths(exercise: ModuleType) -> None:
    """A path is inside the folder only after `..` and the folder's full name are taken into account."""
    for path in ("a.txt", "/safe/a.txt", "notes/../a.txt", "/safe/notes/./b.txt"):
        assert exercise.is_inside("/safe", path), f"{path} lies in /safe and was called outside."
    for path in ("/other/secret", "../other/secret", "/safe/../other/secret", "notes/../../other/secret"):
        assert not exercise.is_inside("/safe", path), f"{path} leaves /safe and was called inside; follow each `..`."
    assert not exercise.is_inside("/safe", "/safehouse/a"), "/safehouse/a was called inside /safe; compare whole names."


def check_addresses(exercise: ModuleType) -> None:
    """An address is allowed only with https and exactly a listed host."""
    hosts = ("news.example",)
    for address in ("https://news.example/today", "https://NEWS.example"):
        assert exercise.is_allowed_address(address, hosts), f"{address} has the listed host and was refused."
    for address in (
        "http://news.example/today",
        "https://news.example.evil.example/",
        "https://evil-news.example/",
        "https://news.example@evil.example/",
        "https://evil.example/?to=https://news.example",
    ):
        assert not exercise.is_allowed_address(address, hosts), (
            f"{address} was allowed; parse the address and compare scheme, user and whole host."
        )


def check_danger(exercise: ModuleType) -> None:
    """Strangers' text, private data and a way out are dangerous together, and any two of them are not."""
    tools = make_tools(exercise, [])
    three = ["read_page", "read_file", "send_mail"]
    assert exercise.find_danger([tools[name] for name in three]), f"{three} have all three properties; expected True."
    for left_out in three:
        names = [name for name in three if name != left_out]
        assert not exercise.find_danger([tools[name] for name in names]), (
            f"{names} have only two properties; say False."
        )


def check_decisions(exercise: ModuleType) -> None:
    """Reading is allowed, writing depends on the sources, sending is asked for."""
    tools, policy = make_tools(exercise, []), exercise.Policy("/safe", ("news.example",))
    user, web = exercise.Value, lambda text: exercise.Value(text, frozenset({"web"}))
    cases = (
        ("read_file", {"path": user("a.txt")}, "allow"),
        ("read_file", {"path": user("../a.txt")}, "deny"),
        ("read_page", {"url": user("https://evil.example")}, "deny"),
        ("write_file", {"path": user("a.txt"), "text": user("hi")}, "allow"),
        ("write_file", {"path": user("a.txt"), "text": web("hi")}, "ask"),
        ("send_mail", {"to": user("ann@a.example"), "body": web("hi")}, "ask"),
        ("send_mail", {"to": web("eve@evil.example"), "body": user("hi")}, "deny"),
        ("send_mail", {"body": user("hi")}, "deny"),
    )
    for name, arguments, expected in cases:
        decision = exercise.decide(tools[name], arguments, policy)
        shown = ", ".join(f"{key}={value.text!r} from {'/'.join(value.sources)}" for key, value in arguments.items())
        assert decision == expected, f"{name}({shown}) got {decision!r}; expected {expected!r}."


def check_honest_plan(exercise: ModuleType) -> None:
    """An honest plan runs to its end, and results pass from call to call."""
    calls = [
        ("read_page", {"url": exercise.Value("https://news.example/today")}),
        ("send_mail", {"to": exercise.Value("ann@a.example"), "body": exercise.Step(0)}),
    ]
    results, log, done, asked = run(exercise, calls)
    assert log == ["allow read_page", "approved send_mail"], f"The log of a page that is mailed to Ann is {log}."
    assert done[-1] == "mail ann@a.example: eve@evil.example", f"The tools did {done}; the body is the page's text."
    assert asked == ["send_mail(to='ann@a.example', body='eve@evil.example')"], (
        f"The person was asked {asked}; show the tool and the exact arguments."
    )
    assert results[0].sources == {"web", "user"}, f"The page's text has the sources {set(results[0].sources)}."


def check_stolen_target(exercise: ModuleType) -> None:
    """An address that a page suggests never becomes the target, even after it went through another tool."""
    page = ("read_page", {"url": exercise.Value("https://news.example/today")})
    calls = [page, ("send_mail", {"to": exercise.Step(0), "body": exercise.Value("salary 100")})]
    _, log, done, asked = run(exercise, calls)
    assert log == ["allow read_page", "deny send_mail"], f"Mail to an address from a page: the log is {log}."
    assert len(done) == 1 and not asked, f"The tools did {done} and the person was asked {asked}; deny without asking."
    tools = {"copy": exercise.Tool("copy", lambda text: text, "read", "files"), **make_tools(exercise, [])}
    plan = [
        exercise.Call(*page),
        exercise.Call("copy", {"text": exercise.Step(0)}),
        exercise.Call("send_mail", {"to": exercise.Step(1), "body": exercise.Value("hi")}),
    ]
    _, log = exercise.run_plan(plan, tools, exercise.Policy("/safe", ("news.example",)), lambda question: True)
    assert log[-1] == "deny send_mail", (
        f"A page's text went through the tool `copy` and became an address: {log}; results keep the arguments' sources."
    )


def check_refused(exercise: ModuleType) -> None:
    """What the person refuses, and what no tool is there for, ends the run before anything happens."""
    mail = ("send_mail", {"to": exercise.Value("ann@a.example"), "body": exercise.Value("hi")})
    _, log, done, _ = run(exercise, [mail, mail], yes=False)
    assert (log, done) == (["refused send_mail"], []), f"A refused mail gave the log {log}, and the tools did {done}."
    _, log, done, _ = run(exercise, [("delete_all", {}), mail])
    assert (log, done) == (["deny delete_all"], []), f"A tool that doesn't exist gave the log {log}; deny it and stop."
