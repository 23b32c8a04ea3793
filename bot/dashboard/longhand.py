"""A text that may be as long as the file that would hold it: a page has the room that no form of a chat has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.core import attachment
from bot.core.call import DRAFT, INSTEAD, SEEN, Call
from bot.core.command import Command, ParamSpec
from bot.core.errors import BadInput
from bot.core.form import Form
from bot.core.reply import Block, Reply, Text
from bot.core.values import Kind


@dataclass(frozen=True)
class Longhand:
    """A field to write in, and the one for a file that takes what is too long for it."""

    text: ParamSpec
    file: ParamSpec

    @classmethod
    def of(cls, command: Command | None, fields: Collection[str]) -> Longhand | None:
        """Return those of a form; None where it has not got both."""
        asked = [one for one in command.params if one.key in fields] if command is not None else []
        text = next((one for one in asked if one.says.long), None)
        file = next((one for one in asked if one.kind is Kind.FILE), None)
        return cls(text, file) if text is not None and file is not None else None

    def widened(self, form: Form) -> Form:
        """Return a form whose text has the room of its file, and opens with what either holds."""
        values = {one.key: one.value for one in form.fields}
        opens = values[self.text.key] or attachment.parse(values[self.file.key]).text
        return replace(
            form,
            fields=tuple(
                replace(one, value=opens, max=self.file.characters) if one.key == self.text.key else one
                for one in form.fields
            ),
        )

    def sent(self, call: Call) -> Call:
        """Return a Call with a text that is too long for its field in the file's; raises BadInput where both are."""
        args, text = dict(call.args), call.args.get(self.text.key, "")
        if (raw := args.get(self.file.key, "")) and len(attachment.parse(raw).text) > self.file.characters:
            raise BadInput(f"At most {self.file.characters // 1000} kB of a file are taken.", field=self.file.key)
        if not raw and len(text) > self.text.characters:
            args[self.file.key] = args.pop(self.text.key)
        return replace(call, args=args)

    def written(self, call: Call) -> Call:
        """Return a Call with what came as a file in the field to write in, where its author goes on with it."""
        args = dict(call.args)
        if raw := args.pop(self.file.key, ""):
            args[self.text.key] = attachment.parse(raw).text
        return replace(call, args=args)

    def told(self, said: Reply) -> Reply:
        """Return an answer that names the field to write in where it names the file's."""
        head = f"**{self.file.head}**"

        def named(one: Block) -> Block:
            if not isinstance(one, Text) or not one.markdown.startswith(head):
                return one
            return Text(f"**{self.text.head}**{one.markdown.removeprefix(head)}")

        return replace(said, blocks=tuple(map(named, said.blocks)))

    def again(self, call: Call, said: Reply) -> Call | None:
        """Return what the form opens with again, below what was wrong or beside its preview; None where it is done."""
        targets = (one.target for one in said.all_buttons if isinstance(one.target, Call))
        back = next((one for one in targets if one.ask and one.name == call.name and DRAFT in one.args), None)
        if back is None:
            return None
        args = dict(self.written(call).args)
        if INSTEAD in back.args:  # its author has seen on what the preview rests
            args = {key: text for key, text in args.items() if key != SEEN} | {INSTEAD: back.args[INSTEAD]}
        return replace(call, args=args)
