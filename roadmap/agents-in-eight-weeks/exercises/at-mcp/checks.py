"""Checks of the server against the specification, message by message."""

MINUTES = 120

NOW = 1_000.0


def convert(amount):
    """A tool that refuses what is below zero."""
    if amount < 0:
        raise ValueError("The amount must not be negative.")
    return f"{amount * 2} crowns"


def make_server(exercise, **changes):
    """A server with five tools and five tokens."""
    names = ("convert", "weather", "alarm", "trains", "notes")
    tools = {name: exercise.Tool(name, f"About {name}.", {"type": "object"}, convert) for name in names}
    own, scopes = "https://tools.example/mcp", frozenset({"read"})
    tokens = {
        "good": exercise.Token(own, scopes, NOW + 60),
        "old": exercise.Token(own, scopes, NOW),
        "other": exercise.Token("https://mail.example/mcp", scopes, NOW + 60),
    }
    return exercise.Server("Example", tools, tokens=tokens, **changes)


def ask(exercise, method, server=None, meta=None, **params):
    """Send a request with a whole `_meta` and return the response."""
    if meta is None:
        meta = {exercise.VERSION: "2026-07-28", exercise.CAPABILITIES: {}}
    request = {"jsonrpc": "2.0", "id": 7, "method": method, "params": {**params, "_meta": meta}}
    return exercise.handle(server or make_server(exercise), request)


def check_discover(exercise):
    """server/discover names the versions, the capabilities and how long the answer may be cached."""
    response = ask(exercise, "server/discover")
    assert response.get("id") == 7 and response.get("jsonrpc") == "2.0", (
        f"The response lacks jsonrpc or id: {response}."
    )
    result = response.get("result", {})
    assert result.get("supportedVersions") == ["2026-07-28"], f"supportedVersions is missing or wrong: {result}."
    assert result.get("capabilities") == {"tools": {}}, f"The capabilities should be {{'tools': {{}}}}: {result}."
    assert result.get("ttlMs") == 300_000 and result.get("cacheScope") == "public", (
        f"Add the fields of CACHING: {result}."
    )


def check_results_are_marked(exercise):
    """Each result says that it is complete and which server gave it."""
    for method in ("server/discover", "tools/list"):
        result = ask(exercise, method).get("result", {})
        assert result.get("resultType") == "complete", f'The result of {method} lacks "resultType": "complete".'
        info = result.get("_meta", {}).get(exercise.SERVER_INFO)
        assert info == {"name": "Example", "version": "1.0"}, f"The _meta of {method} names the server as {info}."


def check_meta_is_required(exercise):
    """A request without its version or its capabilities is refused with -32602."""
    for lacking, meta in (
        ("both", {}),
        ("the capabilities", {exercise.VERSION: "2026-07-28"}),
        ("the version", {exercise.CAPABILITIES: {}}),
    ):
        code = ask(exercise, "tools/list", meta=meta).get("error", {}).get("code")
        assert code == -32602, f"A request that lacks {lacking} in _meta got the code {code}; expected -32602."


def check_versions(exercise):
    """A version that the server does not speak is refused with -32022 and the list of those that it speaks."""
    meta = {exercise.VERSION: "2025-11-25", exercise.CAPABILITIES: {}}
    for method in ("tools/list", "server/discover"):
        error = ask(exercise, method, meta=meta).get("error", {})
        assert error.get("code") == -32022, f"The version 2025-11-25 got {error} for {method}; expected -32022."
        expected = {"supported": ["2026-07-28"], "requested": "2025-11-25"}
        assert error.get("data") == expected, f"The data of the error are {error.get('data')}; expected {expected}."


def check_pages(exercise):
    """Five tools come in three pages, each tool once, in the order of their names, whichever server answers."""
    names, cursor, pages = [], None, 0
    while pages < 9:
        result = ask(exercise, "tools/list", **({"cursor": cursor} if cursor is not None else {}))["result"]
        names += [tool["name"] for tool in result["tools"]]
        pages, cursor = pages + 1, result.get("nextCursor")
        if cursor is None:
            break
    expected = ["alarm", "convert", "notes", "trains", "weather"]
    assert names == expected, f"The pages gave {names}; expected {expected}."
    assert pages == 3, f"Five tools at two a page came in {pages} pages; the last page has no nextCursor."
    tool = ask(exercise, "tools/list")["result"]["tools"][0]
    assert set(tool) == {"name", "description", "inputSchema"}, f"A tool has the fields {sorted(tool)}."


def check_even_pages(exercise):
    """The last full page has no cursor, and an invented cursor is refused."""
    server = make_server(exercise)
    four = exercise.Server("Example", {name: server.tools[name] for name in ("alarm", "convert", "notes", "trains")})
    first = ask(exercise, "tools/list", server=four)["result"]
    second = ask(exercise, "tools/list", server=four, cursor=first["nextCursor"])["result"]
    assert "nextCursor" not in second, "Four tools fill two pages; the second one still gave a nextCursor."
    code = ask(exercise, "tools/list", cursor="made-up").get("error", {}).get("code")
    assert code == -32602, f"An invented cursor got the code {code}; expected -32602."


def check_calls(exercise):
    """A call runs its tool, and what the tool refuses is a result with isError."""
    result = ask(exercise, "tools/call", name="convert", arguments={"amount": 4}).get("result", {})
    assert result.get("content") == [{"type": "text", "text": "8 crowns"}] and result.get("isError") is False, (
        f"convert of 4 gave {result}; expected the text '8 crowns' and isError False."
    )
    response = ask(exercise, "tools/call", name="convert", arguments={"amount": -1})
    result = response.get("result", {})
    assert result.get("isError") is True and "negative" in str(result.get("content")), (
        f"The tool refused -1 with a sentence for the model; got {response} instead of a result with isError."
    )
    response = ask(exercise, "tools/call", name="convert", arguments={"sum": 4})
    assert response.get("result", {}).get("isError") is True, (
        f"convert takes no argument sum, which the model can correct; got {response} instead of a result with isError."
    )


def check_protocol_errors(exercise):
    """An unknown tool gets -32602, an unknown method -32601, and a notification gets no answer."""
    code = ask(exercise, "tools/call", name="conwert", arguments={}).get("error", {}).get("code")
    assert code == -32602, f"The unknown tool conwert got the code {code}; expected -32602."
    for method in ("ping", "initialize"):
        code = ask(exercise, method).get("error", {}).get("code")
        assert code == -32601, f"The method {method}, which this revision lacks, got the code {code}; expected -32601."
    notification = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {}}
    answer = exercise.handle(make_server(exercise), notification)
    assert answer is None, f"A notification was answered with {answer}; it has no id and gets no answer."


def check_tokens(exercise):
    """Only a token that is known, fresh and issued for this server passes."""
    server = make_server(exercise)
    for says, header in (
        ("no header", None),
        ("an unknown token", "Bearer nothing"),
        ("an expired token", "Bearer old"),
        ("a token that was issued for the mail server", "Bearer other"),
        ("a password", "Basic good"),
    ):
        status, challenge = exercise.authorise(server, {"Authorization": header} if header else {}, "read", NOW)
        assert status == 401, f"A request with {says} got {status}; expected 401."
        assert challenge.startswith("Bearer ") and f'resource_metadata="{server.metadata}"' in challenge, (
            f"The header of 401 was {challenge!r}; it has to say where the metadata are."
        )
    assert exercise.authorise(server, {"Authorization": "Bearer good"}, "read", NOW) == (200, ""), (
        "A fresh token for this server with the scope read should get (200, '')."
    )


def check_scopes(exercise):
    """A good token without the scope gets 403 and reads which scope is needed."""
    status, challenge = exercise.authorise(make_server(exercise), {"Authorization": "Bearer good"}, "write", NOW)
    assert status == 403, f"A token with the scope read that needs write got {status}; expected 403."
    assert 'error="insufficient_scope"' in challenge and 'scope="write"' in challenge, (
        f"The header of 403 was {challenge!r}; it names the error and the scope that is needed."
    )


def check_clients(exercise):
    """A client of two generations picks a common version, or falls back to initialize."""
    server = make_server(exercise, versions=("2026-07-28", "2027-02-01"))
    found = ask(exercise, "server/discover", server=server)
    assert exercise.pick_version(found, ["2027-02-01", "2026-07-28"]) == "2027-02-01", (
        "Both speak 2027-02-01, which the client prefers; it picked another version."
    )
    refused = ask(exercise, "server/discover", meta={exercise.VERSION: "2027-02-01", exercise.CAPABILITIES: {}})
    picked = exercise.pick_version(refused, ["2027-02-01", "2026-07-28"])
    assert picked == "2026-07-28", f"The server refused 2027-02-01 and named 2026-07-28; the client picked {picked}."
    for says, reply in (
        ("-32601", {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}}),
        ("-32602", {"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": "Not initialized"}}),
        ("nothing", None),
    ):
        picked = exercise.pick_version(reply, ["2026-07-28"])
        assert picked == "initialize", f"A server that answers {says} is an old one; the client picked {picked}."
    try:
        picked = exercise.pick_version(ask(exercise, "server/discover"), ["2027-02-01"])
    except ValueError:
        return
    raise AssertionError(f"Without a common version pick_version should raise ValueError; it picked {picked}.")
