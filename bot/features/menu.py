"""The slash menu: what a platform lists while people type. Everything else can be typed, or is a button."""

from __future__ import annotations

from bot.commands.registry import Menu

RESERVED = ("solutions",)
"""Roots of commands to come, so that no other command takes them."""

MEMBERS = (
    "checkin",
    "progress",
    "course",
    "quiz",
    "ask",
    "leaderboard",
    "join",
    "leave",
    "settings",
    "away",
    "dashboard",
    "buddy",
    "plan",
    "thanks",
    "focus",
    "notes read",
    "notes list",
    "notes show",
    "session next",
    "session host",
    "help",
)

MODERATORS = (
    "setup",
    "manage status",
    "manage edit",
    "manage pause",
    "manage resume",
    "manage end",
    "manage remove",
    "manage report",
    "manage preview",
    "manage digest",
    "manage questions",
    "manage excuse",
    "manage void",
    "manage lift",
    "manage correct",
    "manage audit",
    "manage export",
    "manage doctor",
    "manage retry",
    "manage schedule move",
    "manage schedule skip",
    "manage schedule restore",
    "manage schedule extend",
    "manage session plan",
    "manage session move",
    "manage session cancel",
    "manage notes add",
    "manage notes replace",
    "manage notes remove",
    "manage course show",
    "manage course add",
    "manage course edit",
    "manage course remove",
    "manage course copy",
    "manage course question",
    "manage course unit",
)

MENU = Menu(
    (*MEMBERS, *MODERATORS),
    {
        "notes": "Read the notes of the course and of your group",
        "session": "Come to live sessions, or host them",
        "manage": "Run a group and look after its members",
        "manage schedule": "Move, skip or extend units",
        "manage session": "Plan, move or cancel live sessions",
        "manage notes": "Add, replace or remove notes of the group",
        "manage course": "Add, edit or remove courses here",
    },
)
