"""The worked numbers of the note on agents and tools."""

# cited: JSON-RPC 2.0 (Model Context Protocol specification)

assert 40 * 250 == 10_000  # tokens of tool definitions in each request


def adapters(applications: int, services: int, standard: bool) -> int:
    """How many adapters have to be written, with a standard plug or without."""
    return applications + services if standard else applications * services


assert (adapters(10, 10, standard=True), adapters(10, 10, standard=False)) == (20, 100)
