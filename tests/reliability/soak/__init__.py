"""A year of many groups under faults, and a checker that reckons by itself what must have been posted: `__main__`."""
