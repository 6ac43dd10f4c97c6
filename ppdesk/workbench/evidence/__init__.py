"""Who did what and who vouches for it: signatures over the history, people, approvals, the verdict."""
