"""Tables to take along."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.messages.spreadsheet import Spreadsheet


def test_a_file_computes_nothing_and_keeps_what_members_wrote() -> None:
    names = ("=HYPERLINK(1)", "+1", "-1", "@ada", "\t=1", 'says "hi", twice', "two\nlines", None)
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    lines = Spreadsheet(("Name", "Points", "When"), [(name, -3, at) for name in names]).csv()
    assert lines == (
        "Name,Points,When\n"
        + "".join(f"'{name},-3,2026-03-02 09:05\n" for name in names[:5] if name)
        + '"says ""hi"", twice",-3,2026-03-02 09:05\n"two\nlines",-3,2026-03-02 09:05\n,-3,2026-03-02 09:05\n'
    )
