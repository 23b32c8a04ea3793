"""Hooks of MkDocs: the site has the folders of the repository, so links between pages work on both.

Pages outside `docs/` are added, and the navigation is read from the lists of `docs/README.md`.
"""

from __future__ import annotations

import re
from os.path import normpath
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
INDEX = PurePosixPath("docs/README.md")
OUTSIDE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "benchmarks/README.md")
_SETTINGS = "settings.md"
"""The page that shows `.env.example`."""
_ITEM = r"(?:[*-]|\d+\.) +\[([^\]]+)\]"
"""An item of a list that begins with a link."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read the navigation."""
    config.nav = [{"Home": "README.md"}, {"Documentation": str(INDEX)}, *_read_sections(INDEX)]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the pages into the folders of the repository."""
    for file in [file for file in files if file.src_dir == config.docs_dir]:  # the others are the theme's
        files.remove(file)
        if file.inclusion.is_included():
            files.append(File.generated(config, f"docs/{file.src_uri}", abs_src_path=file.abs_src_path))
    for path in OUTSIDE:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    settings = f"# Settings\n\n```ini\n{(ROOT / '.env.example').read_text(encoding='utf-8')}```\n"
    files.append(File.generated(config, _SETTINGS, content=settings))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead links to `.env.example` to the page that shows it."""
    return re.sub(r"(?<=[(/])\.env\.example(?=\))", _SETTINGS, markdown)


def _read_sections(page: PurePosixPath) -> list[dict[str, Any]]:
    """Return the sections of a page: each heading with the pages that its list links to."""
    sections: list[dict[str, Any]] = []
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## +(.+)", line):
            sections.append({heading[1]: []})
        elif (item := re.match(rf"{_ITEM}\(([^)#\s]+)\)", line)) and sections:
            target = normpath(page.parent / item[2].replace(".env.example", _SETTINGS))
            chapters = _read_list(PurePosixPath(target)) if target.endswith("/README.md") else []
            next(iter(sections[-1].values())).append({item[1]: [target, *chapters] if chapters else target})
    return sections


def _read_list(page: PurePosixPath) -> list[str]:
    """Return the pages of its own folder that a page lists."""
    items = re.findall(rf"^{_ITEM}\(([\w-]+\.md)\)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    return [str(page.parent / name) for _, name in items]
