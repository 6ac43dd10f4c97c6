"""Document model, PDF, plots for paper and screen, signature, verification."""
