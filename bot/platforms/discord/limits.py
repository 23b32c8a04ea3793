"""What Discord accepts, and how long it waits.

Source: Discord's OpenAPI document of API v10 (https://github.com/discord/discord-api-spec), checked in November 2026.
The 2000 characters of a message, the rows of five buttons and the five parts of a form stand in the guide only:
https://discord.com/developers/docs/resources/message and https://discord.com/developers/docs/components/reference.
"""

from __future__ import annotations

from bot.chat.platform import Limits
from bot.commands.context import PlatformTraits

LIMITS = Limits(text=2000, buttons=25, label=80, choices=25, field_label=45, form_title=45)
TRAITS = PlatformTraits("server", has_roles=True, has_events=True, takes_files=True, is_remote=True, form_text=4000)

CONTENT, EMBED = 2000, 4096
PICTURES, PICTURE, ALT = 4, 8 * 1024 * 1024, 1024
"""Pictures of one message that are shown, bytes of one, characters of its description.

Source: https://discord.com/developers/docs/reference#uploading-files, 10 MiB a file by default.
"""
CUSTOM_ID = 100
BUTTON_URL = 512
ROW, ROWS = 5, 5
PLACEHOLDER, LABEL_NOTE, FIELD_VALUE = 100, 100, TRAITS.form_text
MODAL_COMPONENTS = 5
CHOICE, OPTION_TEXT, DESCRIPTION = 100, 6000, 100
THREAD_NAME = 100
PINGS = 100
EVENT_NAME, EVENT_ABOUT, EVENT_PLACE = 100, 1000, 100

THREAD_REST_MINUTES = 10_080
"""After so long without a message Discord folds a thread away: a week, the longest that it offers."""

ACKNOWLEDGE_S = 0.7
"""How long an answer may take to be the first response itself; Discord gives up after 3 s."""

WAIT_S, DUE_WAIT_S, PATIENCE_S = 8.0, 0.5, 60.0
"""How long a limit may hold up one request, one of the outbox, which waits by itself, and an answer with all of its."""

REQUEST_S, FIRST_S, TYPING_S = 15.0, 1.5, 2.0
"""How long Discord may say nothing to a request, to a first response, which is worth something for 3 s, and to a sign
that somebody is writing.
"""

REQUESTS_A_SECOND, REQUESTS_TOGETHER = 46, 1
"""Requests of all processes, and how many may go at once after a pause.

Discord allows a bot 50 a second over all routes but those of interactions, and bans who keeps on above it; the rest is
for what the network pushes together. Source: https://discord.com/developers/docs/topics/rate-limits#global-rate-limit.
"""

HISTORY = 50
"""Messages looked through for one that may have been sent before."""

FORUM_LOOKS = 10
"""Threads of a forum whose first message is read to find one that may have been sent before, one request each."""

PHONE_COLUMNS = 44
"""Characters of a code block's line that a phone shows without breaking it."""
