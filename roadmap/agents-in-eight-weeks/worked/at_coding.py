"""The numbers of the note on coding agents and computer use."""

LINE_TOKENS = 12
"""A rough figure for the tokens of a line of code."""

FILE_TOKENS, WINDOW_TOKENS = 2_000 * LINE_TOKENS, 60 * LINE_TOKENS
assert (FILE_TOKENS, WINDOW_TOKENS) == (24_000, 720) and FILE_TOKENS // WINDOW_TOKENS == 33

SHOWN, SCREEN, POINT = (1280, 800), (2560, 1440), (640, 200)


def to_screen(point: tuple[int, int], shown: tuple[int, int], screen: tuple[int, int]) -> tuple[int, int]:
    """The point of the screen that a point of a scaled screenshot means."""
    return point[0] * screen[0] // shown[0], point[1] * screen[1] // shown[1]


RIGHT = to_screen(POINT, SHOWN, SCREEN)
WRONG = (POINT[0] * SCREEN[0] // SHOWN[0], POINT[1] * SCREEN[0] // SHOWN[0])
assert RIGHT == (1280, 360) and WRONG == (1280, 400) and SCREEN[1] / SHOWN[1] == 1.8
assert to_screen((300, 300), (960, 600), (1920, 1080)) == (600, 540)
# Cited: SWE-bench has 2,294 tasks (Jimenez et al. 2023), SWE-bench Pro 1,865.

# the answers to Check yourself
assert 3_000 * 12 == 36_000 and 75 * 12 == 900 and 36_000 / 900 == 40
