"""Privacy loss: events that say what happened, accountants that interpret them, the ledger's arithmetic."""
