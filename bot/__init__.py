"""Trailmate, a companion of study groups.

It is said here, before anything imports numpy, that a product of matrices keeps to one thread: those of a search take a
tenth of a millisecond, and on a busy machine a second thread is waited for up to a thousand times as long.
"""

import os

os.putenv("OPENBLAS_NUM_THREADS", "1")
