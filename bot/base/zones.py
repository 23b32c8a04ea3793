"""Time zone abbreviations and offsets that people type, with the zones that each may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_WINTER, _SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)

ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "cet": ("Europe/Berlin", "Europe/Paris"), "cest": ("Europe/Berlin", "Europe/Paris"),
    "met": ("Europe/Berlin",), "mez": ("Europe/Berlin",), "mesz": ("Europe/Berlin",),
    "eet": ("Europe/Helsinki", "Europe/Athens"), "eest": ("Europe/Helsinki", "Europe/Athens"),
    "wet": ("Europe/Lisbon",), "west": ("Europe/Lisbon",), "gmt": ("Europe/London", "Africa/Accra"),
    "bst": ("Europe/London", "Asia/Dhaka"), "msk": ("Europe/Moscow",), "trt": ("Europe/Istanbul",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"), "pkt": ("Asia/Karachi",),
    "est": ("America/New_York",), "edt": ("America/New_York",), "et": ("America/New_York",),
    "cst": ("America/Chicago", "Asia/Shanghai"), "cdt": ("America/Chicago",), "ct": ("America/Chicago",),
    "mst": ("America/Denver", "America/Phoenix"), "mdt": ("America/Denver",), "mt": ("America/Denver",),
    "pst": ("America/Los_Angeles",), "pdt": ("America/Los_Angeles",), "pt": ("America/Los_Angeles",),
    "akst": ("America/Anchorage",), "hst": ("Pacific/Honolulu",), "ast": ("America/Halifax", "Asia/Riyadh"),
    "brt": ("America/Sao_Paulo",), "art": ("America/Argentina/Buenos_Aires",), "clt": ("America/Santiago",),
    "jst": ("Asia/Tokyo",), "kst": ("Asia/Seoul",), "sgt": ("Asia/Singapore",), "hkt": ("Asia/Hong_Kong",),
    "ict": ("Asia/Bangkok", "Asia/Ho_Chi_Minh"), "wib": ("Asia/Jakarta",), "pht": ("Asia/Manila",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"), "aedt": ("Australia/Sydney",),
    "acst": ("Australia/Adelaide", "Australia/Darwin"), "awst": ("Australia/Perth",),
    "nzst": ("Pacific/Auckland",), "nzdt": ("Pacific/Auckland",), "sast": ("Africa/Johannesburg",),
    "eat": ("Africa/Nairobi",), "wat": ("Africa/Lagos",), "cat": ("Africa/Maputo",),
}  # a table of data # fmt: skip
_OFFSET = re.compile(r"(?:gmt|utc|z)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?")
_STANDARD = frozenset({"cet", "eet", "wet", "met", "est", "cst", "mst", "pst", "akst", "gmt", "nzst", "aest", "acst"})
_PLACES = tuple(dict.fromkeys(zone for zones in ABBREVIATIONS.values() for zone in zones))


def meant(text: str) -> tuple[str, ...]:
    """Return the zones that an abbreviation or an offset may mean; empty for any other text."""
    name = text.strip().lower()
    if name in ABBREVIATIONS:
        return ABBREVIATIONS[name]
    match = _OFFSET.fullmatch(name)
    if match is None:
        return ()
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0)) * (-1 if match[1] == "-" else 1)
    hits = [z for z in _PLACES if offset in (_utc_offset(z, _WINTER), _utc_offset(z, _SUMMER))]
    return tuple(sorted(hits, key=lambda z: _utc_offset(z, _WINTER) != offset)[:4])


def _utc_offset(zone: str, at: datetime) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


def correction(text: str) -> str:
    """Return why an abbreviation or an offset is ambiguous and what to type instead; "" for any other text."""
    name, zones = text.strip().upper(), meant(text)
    if not zones:
        return ""
    named = ", ".join(f"{_city(zone)} is {zone}" for zone in zones)
    if name.lower() not in ABBREVIATIONS:
        return f"{name} is an offset and knows no daylight saving; {named}"
    if name.lower() in _STANDARD:
        return f"{name} has no daylight saving; {named}"
    return f"{name} {'names no place' if len(zones) == 1 else 'means several places'}; {named}"


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")
