"""For all tests: Japanese is spoken; how long an example takes is measured in ``benchmarks``, never asserted."""

import os

from hypothesis import settings

# What commands say by default is what they say to a Japanese user, whatever the machine's locale.
os.environ["LC_ALL"] = os.environ["LANG"] = "C.UTF-8"

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
