"""The step `tell` where the worker looks for it."""

from ppdesk_fakes.steps import TellerStep

STEP = TellerStep()
