"""Every mechanism and estimator that ppdesk has, ready for the tester."""
