"""The step `draft` where the worker looks for it."""

from ppdesk_fakes.papers import DRAFT

STEP = DRAFT
