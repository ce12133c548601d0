"""For all tests: Japanese is spoken; how long an example takes is measured in ``benchmarks``, never asserted."""

import os

from hypothesis import Phase, settings

# What commands say by default is what they say to a Japanese user, whatever the machine's locale.
os.environ["LC_ALL"] = os.environ["LANG"] = "C.UTF-8"

settings.register_profile("untimed", deadline=None)
# For mutants (``make mutate``) that a test fails is all that counts, not the simplest example.
settings.register_profile(
    "first-failure", deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "untimed"))
