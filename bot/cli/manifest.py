"""`trailmate manifest`: print the app manifest or invite link of a platform."""

from __future__ import annotations

import argparse
import sys

from bot.chat.platform import ManifestIncomplete, ManifestOptions
from bot.platforms import REMOTE
from bot.runtime.settings import Settings, find_install_command


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
