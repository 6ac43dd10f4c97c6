"""The step `fake` where the worker looks for it."""

from ppdesk_fakes.steps import FakeStep

STEP = FakeStep()
