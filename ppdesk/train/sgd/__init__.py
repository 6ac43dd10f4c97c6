"""Differentially private stochastic gradient descent for tables: logistic, softmax and linear regression, and
the multilayer perceptron, with ghost norms."""
