"""`trailmate slack`: the keys that encrypt the tokens of tenants, for each platform that stores such tokens."""

from __future__ import annotations

import argparse
import sys

from bot.cli.db import is_usable
from bot.delivery.installs import renew
from bot.messages.numerals import numbered
from bot.runtime.settings import Settings
from bot.storage.token_encryption import Vault, new_key
from bot.storage.unit_of_work import Database

FIND_KEY = "Add that key after the others, or install the app there again."


def token_keys(settings: Settings, given: argparse.Namespace) -> int:
    """Print a new key, or encrypt all tokens with the newest one."""
    if given.action == "new-key":
        print(new_key())
        return 0
    if not settings.keys:
        print("TRAILMATE_SLACK_TOKEN_KEYS is not set. `trailmate slack new-key` prints a key.", file=sys.stderr)
        return 2
    if not is_usable(settings):
        return 1
    with Database(settings.url) as database:
        done, sealed = database.run_sync(lambda work: renew(work, given.verb, Vault(settings.keys)))
    print(f"Encrypted with the newest key: {numbered(done, 'token')}." if done or sealed else "No tokens are stored.")
    if sealed:
        print(f"TRAILMATE_SLACK_TOKEN_KEYS lacks the key of {', '.join(sealed)}. {FIND_KEY}", file=sys.stderr)
    return 1 if sealed else 0
