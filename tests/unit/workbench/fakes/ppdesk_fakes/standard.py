"""The step `standard` where the worker looks for it."""

from ppdesk_fakes.steps import LimitStep

STEP = LimitStep()
