"""`trailmate manifest` and `trailmate slack`: the app manifest of a platform, and the keys of stored tokens."""

from __future__ import annotations

import argparse
import sys

from bot.chat.platform import ManifestIncomplete, ManifestOptions
from bot.cli.db import is_usable
from bot.delivery.installs import renew
from bot.messages.numerals import numbered
from bot.platforms import REMOTE
from bot.runtime.settings import Settings, find_install_command
from bot.storage.token_encryption import Vault, new_key
from bot.storage.unit_of_work import Database


def manifest(settings: Settings, given: argparse.Namespace) -> int:
    """Print what a platform needs to let the bot in, with the few permissions it uses."""
    from bot.runtime.catalogue import registry

    (entry,) = (entry for entry in REMOTE if entry.name == given.platform)
    factory = entry.load_factory()
    if factory.MANIFEST_NEEDS_SDK and (line := find_install_command(entry.sdk)):
        print(f"{entry.title}'s library is not installed. Run {line}.", file=sys.stderr)
        return 1
    options = ManifestOptions(over_http=given.http, is_shared=given.many, client_id=given.client_id)
    try:
        print(factory.render_manifest(settings, registry, options))
    except ManifestIncomplete as lack:
        print(lack, file=sys.stderr)
        return 2
    return 0


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
