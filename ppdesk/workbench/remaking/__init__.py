"""Findings of the record made once more from the record alone, without a row about a person."""
