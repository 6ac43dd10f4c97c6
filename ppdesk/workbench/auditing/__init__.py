"""What an auditor is shown of a project, a copy or a report: read only, and said in words."""
