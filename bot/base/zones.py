"""What people type for a time zone that names none: abbreviations and offsets, with the places that each may mean."""

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
    """Return the zones of places that an abbreviation or an offset may mean; none for everything else."""
    said = text.strip().lower()
    if said in ABBREVIATIONS:
        return ABBREVIATIONS[said]
    match = _OFFSET.fullmatch(said)
    if match is None:
        return ()
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0)) * (-1 if match[1] == "-" else 1)
    hits = [z for z in _PLACES if offset in (_offset(z, _WINTER), _offset(z, _SUMMER))]
    return tuple(sorted(hits, key=lambda z: _offset(z, _WINTER) != offset)[:4])


def _offset(zone: str, at: datetime) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


def correction(text: str) -> str:
    """Return what is wrong with an abbreviation or an offset and what to write instead; empty for everything else."""
    said, zones = text.strip().upper(), meant(text)
    if not zones:
        return ""
    named = ", ".join(f"{_place(zone)} is {zone}" for zone in zones)
    if said.lower() not in ABBREVIATIONS:
        return f"{said} is an offset and knows no daylight saving; {named}"
    if said.lower() in _STANDARD:
        return f"{said} has no daylight saving; {named}"
    return f"{said} {'names no place' if len(zones) == 1 else 'means several places'}; {named}"


def _place(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")
