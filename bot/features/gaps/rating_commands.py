"""Saying whether an answer helped: one press to the choice, one for it, and a line for whoever has more to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.features.gaps.service import VERDICTS, Gaps, Verdict
from bot.features.gaps.tables import LINE_MAX
from bot.messages.reply import Button, ButtonStyle, Reply, say

LABELS: dict[str, str] = {
    "helpful": "Helpful",
    "wrong": "Wrong",
    "beside": "Beside the question",
    "incomplete": "Incomplete",
    "unclear": "Unclear",
}


def initial_rate(ctx: Context, *, gaps: Gaps) -> Mapping[str, str]:
    """Return the line that the caller has written about the answer."""
    row = gaps.rated(ctx, ctx.call.args.get("of", ""))
    return {"line": row.line} if row is not None and row.line else {}


@command(
    "rate",
    hidden=True,
    after_end=True,
    form=True,
    title="Rate an answer",
    initial=initial_rate,
    form_note="Moderators see it without your name.",
)
def rate(
    ctx: Context,
    of: Annotated[str, Param("Which answer", max=20, in_form=False)],
    verdict: Annotated[Verdict | None, Param("How it was", in_form=False)] = None,
    line: Annotated[str | None, Param("What was it? (a line)", example="it left out the cost", max=LINE_MAX)] = None,
    *,
    gaps: Gaps,
) -> Reply:
    """Say whether an answer helped, or what was wrong with it."""
    cohort = ctx.actor.cohort_id
    before = gaps.rated(ctx, of)
    if verdict is None:
        earlier = f" So far you said: {LABELS[before.verdict].lower()}." if before is not None else ""
        return replace(
            say(
                f"Moderators see what you say without your name, and can write what is missing.{earlier}",
                title="How was that answer?",
                buttons=tuple(
                    Button(LABELS[v], rate.call(cohort, of=of, verdict=v), _choose_style(v)) for v in VERDICTS
                ),
            ),
            replaces=True,
        )
    row = gaps.rate(ctx, of, verdict, line)
    return replace(_confirm(cohort, of, verdict, row.line), replaces=True)


def _confirm(cohort: int | None, of: str, verdict: Verdict, line: str) -> Reply:
    change = Button("Change", rate.call(cohort, of=of))
    if verdict == "helpful":
        return say("I noted that it helped. Thank you.", tone="good", buttons=(change,))
    more = Button("Change the line" if line else "Say more", rate.ask(cohort, of=of, verdict=verdict))
    return say(
        f"I noted: {LABELS[verdict].lower()}. Moderators see it without your name; if one of them writes what is "
        "missing, you are told.",
        tone="good",
        buttons=(more, change),
    )


def _choose_style(verdict: Verdict) -> ButtonStyle:
    return "primary" if verdict == "helpful" else "plain"


COMMANDS: tuple[Command, ...] = (rate,)
