"""The numbers of the note on averages."""

from math import sqrt
from statistics import mean, median, pstdev

TAKINGS = [180, 190, 200, 210, 220, 230, 1_570]
assert sum(TAKINGS) == 2_800 and mean(TAKINGS) == 400 and median(TAKINGS) == 210
assert [round(pstdev(gaps), 1) for gaps in ([9, 10, 11], [2, 10, 18])] == [0.8, 6.5]
assert [round(pstdev(gaps) ** 2, 2) for gaps in ([9, 10, 11], [2, 10, 18])] == [0.67, 42.67]
assert [sum(gap**2 for gap in gaps) for gaps in ([9, 10, 11], [2, 10, 18])] == [302, 428]  # waits of passengers
assert round(302 / 60, 1) == 5.0 and round(428 / 60, 1) == 7.1
assert 10 * 30 + 90 * 10 == 1_200 and 1_200 / 100 == 12 and (30 + 10) / 2 == 20
assert 1.5 * 0.5 == 0.75 and round(sqrt(0.75), 2) == 0.87
assert 1570 / 10 == 157.0
# cited: correlation 0.816 (Anscombe 1973)

# the answers to Check yourself
assert mean([8, 9, 10, 11, 62]) == 20 and median([8, 9, 10, 11, 62]) == 10
assert [round(pstdev(gaps), 1) for gaps in ([1, 5, 9], [4, 5, 6])] == [3.3, 0.8]
assert round(pstdev([1, 5, 9]) ** 2, 2) == round(32 / 3, 2) == 10.67
assert (20 * 6 + 80 * 1) / 100 == 2 and (6 + 1) / 2 == 3.5
assert 1.2 * 0.8 == 0.96 and round(sqrt(0.96), 2) == 0.98
# the waits of the section on quartiles
WAITS = [4, 8, 10, 14, 18, 22, 30, 45]
assert [sum(wait < cut for wait in WAITS) for cut in (9, 16, 26)] == [2, 4, 6] and median(WAITS) == 16
