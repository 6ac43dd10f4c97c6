"""The step `report` where the worker looks for it."""

from ppdesk_fakes.papers import REPORT

STEP = REPORT
