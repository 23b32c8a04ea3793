"""The page on privacy that whoever runs the bot can link to: what the features declare, for anybody."""

from __future__ import annotations

from markupsafe import Markup

from bot.features.dashboard.address import PATH as DASHBOARD
from bot.features.feature import Features
from bot.features.upkeep import statement
from bot.html.document import document
from bot.html.render import block
from bot.server import document as texts
from bot.server.mount import Mount
from bot.settings import Settings

STYLES = tuple(f"{DASHBOARD}/static/{name}.css" for name in ("base", "message"))


def privacy_page(features: Features, settings: Settings, *, has_model: bool) -> Mount:
    """Return what answers with the page."""
    spans = statement.Spans(settings.question_days, settings.keep_conversation_minutes, settings.keep_event_days)
    said = statement.statement(features, spans, has_model=has_model)
    body = Markup().join(block(one) for one in said.blocks)
    return texts.document(statement.PATH, document(statement.TITLE, body, STYLES))
