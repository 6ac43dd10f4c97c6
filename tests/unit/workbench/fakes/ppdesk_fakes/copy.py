"""The step `copy` where the worker looks for it."""

from ppdesk_fakes.steps import CopyStep

STEP = CopyStep()
