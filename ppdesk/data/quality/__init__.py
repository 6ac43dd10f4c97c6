"""How good a table is: checks, scores, and whether it is like the population it stands for."""
