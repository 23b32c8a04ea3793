"""What a chat model's service refuses until somebody mends it: the key, or the model's name. Told by the last tries.

The command line is another process than the bot, so what was met stands in a file of the data directory. It is of one
key, model and address alone: another setting begins with nothing known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

_MENDS: Mapping[str, tuple[str, str]] = {
    "key": (
        "the chat model's service refuses the key, so the notes answer alone",
        "Put a key that it takes into OPENAI_API_KEY and start again.",
    ),
    "model": (
        "the chat model's service knows no such model or address, so the notes answer alone",
        "Put a model that it has into TRAILMATE_CHAT_MODEL, look at OPENAI_BASE_URL, and start again.",
    ),
}
_BY_STATUS = {401: "key", 403: "key", 404: "model"}


class Standing:
    """How a service took the last tries.

    Args:
        file: where it is kept for other processes; None keeps it here alone.
        of: key, model and address that it is of.
    """

    NAME = "chat-model.json"

    def __init__(self, file: Path | None = None, *of: str | None) -> None:
        self._file = file
        self._of = hashlib.sha256("\n".join(one or "" for one in of).encode()).hexdigest()[:12]
        self._refused = self._read()

    @property
    def found(self) -> tuple[str, str] | None:
        """What is refused and how to mend it, as a phrase and a sentence; None where nothing is."""
        return _MENDS.get(self._refused)

    @property
    def mends(self) -> tuple[str, ...]:
        """What is refused and how to mend it, in sentences."""
        return (f"{self.found[0][:1].upper()}{self.found[0][1:]}. {self.found[1]}",) if self.found is not None else ()

    def note(self, status: int | None) -> None:
        """Note a try: the status of a refusal, or None for an answer. Other failures pass by themselves."""
        refused = "" if status is None else _BY_STATUS.get(status)
        if refused is None or refused == self._refused:
            return
        self._refused = refused
        if self._file is not None:
            try:
                self._file.write_text(json.dumps({"of": self._of, "refused": refused}), encoding="utf-8")
            except OSError:
                return  # the bot itself knows it all the same

    def _read(self) -> str:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8")) if self._file is not None else {}
        except (OSError, ValueError):
            return ""
        is_ours = isinstance(kept, dict) and kept.get("of") == self._of
        return str(kept.get("refused", "")) if is_ours else ""
