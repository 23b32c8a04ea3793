"""What Slack accepts.

Source: https://docs.slack.dev/reference/block-kit/blocks and /block-elements, November 2026.
"""

from __future__ import annotations

from bot.chat.platform import Limits
from bot.commands.context import PlatformTraits

LIMITS = Limits(text=3000, buttons=25, label=75, choices=100, field_label=2000, form_title=24)
TRAITS = PlatformTraits("workspace", takes_files=True, is_remote=True, form_text=3000, edit_every_s=300)

BLOCKS, HEADER, FIELD, FIELDS, ROW = 50, 150, 2000, 10, 5
MESSAGE = 10_000
"""Characters of all blocks. Source: https://github.com/slackapi/bolt-js/issues/2509 (12,000 "with a buffer for block
containers"; chat.postMessage refuses more with msg_blocks_too_long)."""

TYPED, PLACEHOLDER, OPTION, VALUE, ERROR = TRAITS.form_text, 150, 75, 150, 500
"""Characters of a form's parts."""

METADATA = 3000
"""Characters of private_metadata. Source: https://docs.slack.dev/surfaces/modals, November 2026."""

BUTTON_URL = 3000

COLUMNS = 72
"""Columns of a table of our own beyond which its lines would wrap; wider ones become lists."""

TABLE_ROWS, TABLE_COLUMNS, TABLE = 100, 20, 8000
"""Rows with the head, columns and characters of the one table that Slack takes in a message; its limit is 10,000.

Source: https://docs.slack.dev/reference/block-kit/blocks/table-block, November 2026.
"""

PICTURES, PICTURE, ALT, FILE_ALT, UPLOAD_S = 4, 8_000_000, 2000, 1000, 8.0
"""Pictures of one message that are shown, bytes of one, characters of its description in a message and as a file, and
how long an upload takes.

Source of ALT: https://docs.slack.dev/reference/block-kit/blocks/image-block, of FILE_ALT:
https://docs.slack.dev/reference/methods/files.getUploadURLExternal; the others are ours.
"""
