"""For all tests: how long an example takes is measured in ``benchmarks``, never asserted."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
