"""Declare the commands and the service of servers' own courses."""

from __future__ import annotations

from bot.features.custom_courses import commands, edit_commands
from bot.features.custom_courses.course_writer import CourseWriter
from bot.features.custom_courses.service import Outlines
from bot.features.feature import Feature

FEATURE = Feature(
    "custom_courses", commands=(*commands.COMMANDS, *edit_commands.COMMANDS), services=(Outlines, CourseWriter)
)
