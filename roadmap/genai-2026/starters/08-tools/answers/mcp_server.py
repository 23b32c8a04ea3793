"""The same tools for any program that speaks MCP, with `mcp` 2: `python -m answers.mcp_server FOLDER`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from answers.agent import tools
from answers.load import documents, files_in
from answers.retrieve import index


def main(folder: Path) -> None:
    """Serve search, read and calculate on standard input and output."""
    server = import_module("mcp.server").MCPServer("answers")  # here: all else runs without the package
    for name, tool in tools(index(folder), list(documents(files_in(folder)))).items():
        server.add_tool(tool, name=name, description=tool.__doc__)
    server.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
