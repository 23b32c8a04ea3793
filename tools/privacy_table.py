"""What the page on privacy lists, made from the features' declarations: `python -m tools.privacy_table` prints it."""

from __future__ import annotations

from bot.features.feature import Features
from bot.features.privacy.wording import data_table
from bot.runtime.catalogue import FEATURES


def rows() -> str:
    """Return the table as Markdown."""
    made = data_table(Features(FEATURES).personal_data)
    lines = [made.head, tuple("---" for _ in made.head), *made.rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    print(rows())
