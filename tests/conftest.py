"""What all tests share: a slow or busy computer is no reason for Hypothesis to fail a test."""

from hypothesis import HealthCheck, settings

settings.register_profile("ppdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ppdesk")
