"""What holds for all tests: examples that hypothesis makes are the same in every run."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
