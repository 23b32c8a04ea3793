"""The numbers of the note on the Model Context Protocol."""

from math import ceil

assert ceil(45 / 20) == 3
TTL_MS = 300_000
HOUR_MS = 3_600_000
assert TTL_MS / 60_000 == 5
assert HOUR_MS // TTL_MS == 12 and 12 * 3 == 36

# names, not quantities: OAuth 2.1, JSON-RPC 2.0, the address 127.0.0.1

# the answers to Check yourself
assert 25 + 25 + 5 == 55 and 3_600_000 / 600_000 == 6 and 6 * 3 == 18
