"""Draw the dashboard's HTML: pages, forms, notices and replies, with buttons that work without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.commands.form import Form
from bot.dashboard.actions import ActionSigner, SignedAction
from bot.dashboard.page import Drawn
from bot.drawing.certificate_card import CertificateCard, format_days
from bot.features.dashboard_access.service import DASHBOARD_PATH, ENTER_PATH
from bot.features.quiz.commands import quiz_go, quiz_number, quiz_pick
from bot.html import render
from bot.messages import markup
from bot.messages.call import DRAFT, Call
from bot.messages.reply import Actions, Block, Button, Choices, Image, Reply

HERE = Path(__file__).parent
DO, FORM, LEAVE = f"{DASHBOARD_PATH}/do", f"{DASHBOARD_PATH}/form", f"{DASHBOARD_PATH}/leave"
MOVABLE_PATH = f"{DASHBOARD_PATH}/movable"
QUIZ_KEYS = frozenset({quiz_go.name, quiz_number.name, quiz_pick.name})
"""Commands of the buttons that a key may press: Enter continues or opens the form of a number, a digit chooses."""


@dataclass(frozen=True)
class Acts:
    """Draws the buttons of one page for one visit.

    Args:
        wants_form: whether a Call opens a form.
        back: the page that is shown again afterwards.
        place: the address of a page that shows what a Call would, if one does.
        home: the page that is shown instead of `back` after a Call, if it has one of its own.
        over: values of the form beside a reply; buttons that confirm the reply work only with exactly these values.
    """

    seal: ActionSigner
    wants_form: Callable[[Call], bool]
    back: str
    zone: str
    place: Callable[[Call], str | None] = lambda _: None
    home: Callable[[Call], str | None] = lambda _: None
    over: Mapping[str, str] | None = None

    def button(
        self, label: str, target: Call | str, style: str = "plain", about: str = "", fields: Sequence[str] = ()
    ) -> Markup:
        """Return a button that runs a Call, opens its form or leads to an address.

        Args:
            about: what tells buttons of one label apart, for those who hear the page.
            fields: what its form asks for, if not what its command says.
        """
        text = markup.clip(markup.clean(label), render.LABEL)
        heard = Markup('<span class="hidden"> {}</span>').format(markup.clip(markup.clean(about), 80)) if about else ""
        if isinstance(target, str):
            return render.buttons((Button(text, target, "primary" if style == "primary" else "plain"),))
        if (there := self.place(target)) is not None:
            return Markup('<a class="button {}" href="{}">{}{}</a>').format(style, there, text, heard)
        if self.wants_form(target):
            closed = self.seal.close("form", SignedAction(target, self.home(target) or self.back, tuple(fields)))
            return Markup('<a class="button {}" href="{}?do={}">{}{}</a>').format(style, FORM, closed, text, heard)
        over = self.over if DRAFT in target.args else None  # other buttons are not about what was typed
        closed = self.seal.close("do", SignedAction(target, self.home(target) or self.back), over)
        if over is not None:
            return Markup(
                '<button type="submit" form="fill" name="sure" value="{}" class="button {}">{}{}</button>'
            ).format(closed, style, text, heard)
        return Markup(
            '<form method="post" action="{}" class="act"><input type="hidden" name="do" value="{}">'
            '<button type="submit" class="button {}">{}{}</button></form>'
        ).format(DO, closed, style, text, heard)

    def way(self, call: Call) -> dict[str, str]:
        """Return how a script follows a Call: `href`, an address, or `do`, an action to send to `DO`."""
        if (there := self.place(call)) is not None:
            return {"href": there}
        if self.wants_form(call):
            closed = self.seal.close("form", SignedAction(call, self.home(call) or self.back))
            return {"href": f"{FORM}?do={closed}"}
        return {"do": self.seal.close("do", SignedAction(call, self.home(call) or self.back))}

    def filled(self, call: Call, *fields: str) -> str:
        """Return what a form carries that stands on the page itself and fills these parameters of a Call."""
        return self.seal.close("do", SignedAction(call, self.home(call) or self.back, fields))

    def buttons(self, some: Iterable[Button]) -> Markup:
        """Return a row of buttons."""
        drawn = Markup("").join(self.button(button.label, button.target, button.style) for button in some)
        return Markup('<div class="buttons">{}</div>').format(drawn) if drawn else Markup("")

    def body(self, reply: Reply) -> Markup:
        """Return the blocks of a reply and its buttons; each choice of a question is its button."""
        picks, rest = render.split_picks(reply)
        blocks = (
            render.draw_choices(block, picks, self._choice, self.zone)
            if isinstance(block, Choices)
            else self.block(block)
            for block in rest.blocks
        )
        return Markup("").join([*blocks, self.buttons(rest.buttons)])

    def takes_quiz_keys(self, reply: Reply) -> bool:
        """Whether keys answer a reply or go on from it: one of its buttons answers or continues a quiz."""
        return any(isinstance(b.target, Call) and b.target.name in QUIZ_KEYS for b in reply.buttons)

    def _choice(self, button: Button, content: Markup, look: str) -> Markup:
        assert isinstance(button.target, Call)
        closed = self.seal.close("do", SignedAction(button.target, self.home(button.target) or self.back))
        return Markup(
            '<form method="post" action="{}" class="act"><input type="hidden" name="do" value="{}">'
            '<button type="submit" class="button {}">{}</button></form>'
        ).format(DO, closed, look, content)

    def markdown(self, text: str) -> Markup:
        """Return paragraphs of small Markdown."""
        return render.markdown(text, self.zone, live=False)

    def line(self, text: str) -> Markup:
        """Return one line of small Markdown."""
        return render.line(text, self.zone, live=False)

    def block(self, part: Block) -> Markup:
        """Return a block of a Reply; a picture is asked for at an address of the dashboard's own."""
        if isinstance(part, Image):
            return render.figure(part, DASHBOARD_PATH)
        if isinstance(part, Actions):
            return self.buttons(part.buttons)
        return render.block(part, self.zone, live=False)

    @property
    def leave(self) -> str:
        """The signed action of the sign-out button."""
        return self.seal.close("leave", SignedAction(Call("leave"), self.back))


class DashboardViews:
    """Draws everything that the dashboard answers.

    Args:
        title: the bot's name.
    """

    def __init__(self, title: str = "Trailmate") -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            bot=title, home=DASHBOARD_PATH, enter=ENTER_PATH, do=DO, leave=LEAVE, moment=render.moment
        )

    def page(self, drawn: Drawn, acts: Acts, reply: Reply | None) -> str:
        """Return a page with a command's reply above it."""
        data = drawn.data or {}
        template = drawn.page.template if drawn.data is not None else "nothing.html"
        return self._draw(template, drawn=drawn, acts=acts, said=reply, **data)

    def editor_state(self, drawn: Drawn, acts: Acts) -> dict[str, object]:
        """Return a course for the script of its page: texts, what saves them, and the parts that it draws again."""
        data = dict(drawn.data or {})
        template = self._jinja.get_template("course_editor.html")
        parts: Any = template.make_module({"drawn": drawn, "acts": acts, "said": None, **data})
        outline, versions = parts.outline_list(data["outline"]), parts.version_list(data["versions"], acts)
        return {
            "values": data["values"],
            "do": {
                "course": acts.filled(data["write"], "place", "field", "before", "text"),
                "note": acts.filled(data["write_note"], "note", "field", "before", "text"),
            },
            "parts": {"outline": str(outline), "versions": str(versions)},
        }

    def form(self, form: Form, closed: str, acts: Acts, who: str, reply: Reply | None) -> str:
        """Return a form's page with a reply above it."""
        return self._draw("form.html", form=form, closed=closed, acts=acts, who=who, said=reply)

    def told(self, reply: Reply, acts: Acts, who: str, back: str = "Back") -> str:
        """Return a page that shows only a reply."""
        return self._draw("told.html", said=reply, acts=acts, who=who, back=back)

    def notice(self, title: str, sentence: str, again: str = "") -> str:
        """Return a page for somebody who is not signed in, with the address where they may try again."""
        return self._draw("notice.html", title=title, sentence=render.markdown(sentence, live=False), again=again)

    def invitation(self, token: str) -> str:
        """Return the page with the sign-in button, which no chat preview presses."""
        return self._draw("enter.html", token=token)

    def certificate(self, card: CertificateCard, url: str) -> str:
        """Return the public page of a certificate.

        Args:
            url: of this page, whole.
        """
        part = f"Part {card.leg}, {card.subject}, of {card.roadmap}" if card.leg else card.subject
        path, days = urlsplit(url).path, format_days(card)
        return self._draw("certificate.html", card=card, url=url, path=path, what=part, days=days)

    def _draw(self, template: str, **values: object) -> str:
        return self._jinja.get_template(template).render(values)
