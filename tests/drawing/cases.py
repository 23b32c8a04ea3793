"""Cards that are hard to draw, by what is hard about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from bot.drawing import (
    board_card,
    certificate_card,
    header_card,
    map_card,
    part_card,
    progress_card,
    receipt_card,
    week_card,
)
from bot.drawing.board_card import BoardCard, LeaderboardRow, Skipped
from bot.drawing.certificate_card import CertificateCard
from bot.drawing.header_card import HeaderCard
from bot.drawing.map_card import MapCard, MapPart
from bot.drawing.part_card import PartCard
from bot.drawing.progress_card import ProgressCard, Unit
from bot.drawing.receipt_card import ReceiptCard
from bot.drawing.shapes import Artwork
from bot.drawing.week_card import WeekCard

TODAY = date(2026, 11, 26)
HOSTILE = "</text><script>alert(1)</script>&amp;\"'\u202egnp.exe\x07"
LONG = "Wolfeschlegelsteinhausenbergerdorff the Third of Somewhere Rather Far Away"
NAMES = (
    "Ada Lovelace",
    "Night reader",
    "Алёна Чистякова",
    "Ελένη Παπαδοπούλου",
    "עדה לאבלייס",
    "عمر الخيام",
    "मीरा राव",
    "สมชาย ใจดี",
    "王小明",
    "🦊 fox 👩‍👩‍👧",
    LONG,
    "Z̷̡a̸l̵g̶o̷ " + "a\u0301\u0302\u0303\u0304\u0305",
    HOSTILE,
    "﷽﷽﷽﷽",
)


def progress(
    done: int, coming: int, *, name: str = NAMES[0], group: str = "Autumn group", weeks: int = 20, seed: int = 1
) -> ProgressCard:
    """Return a card of somebody who has had some units and has others before them."""
    by_chance = Random(seed)
    states: list[Unit] = ["kept"] * 8 + ["late", "caught up", "frozen", "away", "missed", "repaired"]  # type: ignore[assignment]
    units: list[Unit] = [by_chance.choice(states) for _ in range(done)]
    units += ["open"] * (done > 0 and coming > 0)
    units += ["to come"] * coming
    start, shown = progress_card.window(units)
    habit = [0, 0, 0, 20, 45, 90, 150]
    minutes = {TODAY - timedelta(days=n): by_chance.choice(habit) for n in range(7 * weeks)}
    since, days = progress_card.days(minutes, TODAY - timedelta(days=max(0, 7 * weeks - 1)), TODAY)
    streak = min(done, 7)
    return ProgressCard(name, group, tuple(shown), streak, done, 1, 9 * done, since, tuple(days), 1 + start)


def board(names: int, *, seed: int = 1, title: str = "Leaderboard of Autumn group") -> BoardCard:
    """Return a board of some people, its reader near the end."""
    by_chance = Random(seed)
    points = sorted((by_chance.randint(0, 300) for _ in range(names)), reverse=True)
    rows: list[LeaderboardRow | Skipped] = [
        LeaderboardRow(n + 1, NAMES[n % len(NAMES)], points[n]) for n in range(names)
    ]
    if names > 7:
        rows.insert(5, Skipped(12))
        me = rows[-2]
        assert isinstance(me, LeaderboardRow)
        rows[-2] = LeaderboardRow(me.rank, me.name, me.points, True, "only you see this")
    return BoardCard(title, "Phase Foundations", tuple(rows))


def header(
    title: str, *, phase_id: str = "foundations", phase: str = "Foundations", number: int = 3, of: int = 8
) -> HeaderCard:
    """Return the head of a unit's post."""
    return HeaderCard(phase_id, phase, title, f"Unit {number} of {of} in leg 2", number, of)


def certificate(
    name: str, *, units: str = "kkkkk-k", group: str = "Night owls", subject: str = "", came_in: int = 0
) -> CertificateCard:
    """Return the certificate of a leg."""
    kept = tuple(unit == "k" for unit in units)
    subject = subject or "Python and vectors"
    return CertificateCard(
        name,
        1,
        subject,
        "Mastering generative-AI engineering",
        group,
        "search",
        kept,
        date(2026, 3, 2),
        TODAY,
        came_in,
    )


def week(*days: int, spread: str = "", right: str = "B", title: str = "Unit 3, together") -> WeekCard:
    """Return a group's week."""
    read = tuple((part[0], int(part[1:])) for part in spread.split())
    return WeekCard(title, date(2026, 11, 16), days, read, right)


def leg(*kept: int, of: int = 24, subject: str = "Python and vectors", first: int = 1) -> PartCard:
    """Return a leg that a group has walked."""
    return PartCard("Leg 1, together", subject, first, kept, of, date(2026, 9, 7), TODAY)


def course(sizes: tuple[int, ...], *, at: int = 0, done: int = 0, title: str = "", is_member: bool = True) -> MapCard:
    """Return the map of a course whose group is at a unit, and whose reader has completed the first ones."""
    numbers = iter(range(1, sum(sizes) + 1))
    parts = [
        MapPart(title or f"Part of {size}", ["kept" if next(numbers) <= done else "to come" for _ in range(size)])
        for size in sizes
    ]
    return MapCard(title or "A course", parts, at, done, is_member)


CASES: Mapping[str, Artwork] = {
    "twenty units of a year": progress_card.draw(progress(20, 32)),
    "53 units, all of them done": progress_card.draw(progress(53, 0, weeks=60)),
    "no unit yet": progress_card.draw(progress(0, 0, weeks=0)),
    "the first week": progress_card.draw(progress(1, 7, weeks=1)),
    "400 units": progress_card.draw(progress(300, 100, weeks=143)),
    "a name that is too long": progress_card.draw(progress(9, 9, name=LONG, group=LONG)),
    "right to left": progress_card.draw(progress(9, 9, name="عمر الخيام", group="קבוצת הסתיו")),
    "emoji": progress_card.draw(progress(9, 9, name="🦊👩‍👩‍👧🏽‍♀️ fox", group="🌲🌲🌲")),
    "a hostile name": progress_card.draw(progress(9, 9, name=HOSTILE, group=HOSTILE)),
    "numbers that are too large": progress_card.draw(
        ProgressCard("Ada", "x", ("kept",), 10**6, 10**6, 10**6, 10**6, date(2026, 11, 23), (4,))
    ),
    "a board of every script": board_card.draw(board(len(NAMES))),
    "a board of two": board_card.draw(board(2)),
    "a board of nobody": board_card.draw(board(0)),
    "a board without points": board_card.draw(
        BoardCard("Leaderboard", "", (LeaderboardRow(1, "Ada", 0), LeaderboardRow(1, "Ben", 0)))
    ),
    **{
        f"a unit of {phase}": header_card.draw(header(title, phase_id=phase, phase=phase, number=number))
        for number, (phase, title) in enumerate(
            (
                ("foundations", "Python data structures"),
                ("machine-learning", "Backpropagation"),
                ("generative-models", "Attention and the transformer block"),
                ("ai-engineering", "Evaluation"),
                ("eight-weeks", "Averages"),
                ("search", "An index of words"),
                ("answers", "Citations"),
                ("attention", "Queries, keys and values"),
            ),
            1,
        )
    },
    "a unit whose title is too long": header_card.draw(header(LONG + " " + LONG, phase=LONG, number=60, of=60)),
    "a unit in one long word": header_card.draw(header("Donaudampfschifffahrtsgesellschaftskapitän", number=1, of=1)),
    "a unit from right to left": header_card.draw(header("مقدمة في تعلم الآلة", phase="יסודות")),
    "a unit in Chinese": header_card.draw(header("注意力机制与变换器架构的基础知识", phase="生成模型")),
    "a unit with a hostile title": header_card.draw(header(HOSTILE, phase=HOSTILE, phase_id=HOSTILE)),
    "a certificate of who came late": certificate_card.draw(certificate("Eve", units="--kk-k", came_in=53)),
    "a certificate of a whole roadmap": certificate_card.draw(
        replace(certificate("Eve", subject="RAG in eight weeks"), leg=0, roadmap="")
    ),
    "a certificate": certificate_card.draw(certificate("Ada Lovelace")),
    "a certificate of a long leg with a name that is too long": certificate_card.draw(
        certificate(LONG, units="kk-k" * 16, group=LONG, subject=LONG + " " + LONG)
    ),
    "a certificate from right to left": certificate_card.draw(
        certificate("عمر الخيام", group="קבוצת הסתיו", subject="יסודות")
    ),
    "a certificate in Chinese": certificate_card.draw(
        certificate("王小明", units="k", group="🌲🌲🌲", subject="注意力机制与变换器")
    ),
    "a certificate of a hostile name": certificate_card.draw(certificate(HOSTILE, group=HOSTILE, subject=HOSTILE)),
    "a leg": part_card.draw(leg(22, 21, 24, 19, 17, 18, 15)),
    "a leg of many units that many kept": part_card.draw(
        leg(*(100_000 - n * 931 for n in range(40)), of=100_000, subject=LONG, first=13)
    ),
    "a leg that nobody kept": part_card.draw(leg(0, 0, of=5, subject=HOSTILE)),
    "a leg from right to left": part_card.draw(leg(*range(12), subject="قبلية وأسس")),
    "a check-in": receipt_card.draw(ReceiptCard(("kept", "missed", "kept", "to come"), 1, 2, 3, 1, 4, 7)),
    "a check-in of many": receipt_card.draw(ReceiptCard(("late",) * 12, 40, 11, 10**6, 10**6, 10**5, 10**6)),
    "a check-in of nobody else": receipt_card.draw(ReceiptCard(("caught up",), 1, 0, 0, 0)),
    "a check-in among twelve": receipt_card.draw(ReceiptCard(("kept",) * 12, 1, 0, 10, 1, 12, 12)),
    "a milestone": receipt_card.draw(ReceiptCard(("kept",) * 7, 1, 6, 7, 1, 2, 9, "Part 1 finished", "foundations")),
    "a milestone with hostile words": receipt_card.draw(ReceiptCard(("kept",), 1, 0, 1, 1, 0, 0, HOSTILE, HOSTILE)),
    "a map of 58 units": map_card.draw(course((8, 7, 6, 9, 6, 7, 6, 5, 4), at=13, done=12)),
    "a map of one part, its reader with the group": map_card.draw(course((30,), at=15, done=15)),
    "a map of single units": map_card.draw(course((1, 1, 2), at=1, title=LONG, is_member=False)),
    "a map with hostile words": map_card.draw(course((3, 3), at=4, done=3, title=HOSTILE)),
    "a map from right to left": map_card.draw(course((16, 40), at=20, done=18, title="قبلية وأسس")),
    "a week": week_card.draw(week(3, 2, 0, 5, 1, 9, 12, spread="A2 B5 C1 D0")),
    "a week without a warm-up": week_card.draw(week(1, 0, 0, 0, 0, 0, 0)),
    "two weeks of many": week_card.draw(week(*(n * 97 for n in range(14)), spread="A0 B1200 C3")),
    "four weeks": week_card.draw(week(*range(5, 33), title=LONG)),
    "a single day": week_card.draw(week(4, spread="A1 B1 C1", right="")),
}
