"""Types that every room speaks: errors, parameters, artifacts, findings, sections, clock, randomness.

Imports nothing of ppdesk, and nothing heavy when it is imported.
"""
