"""What a policy learnt from logged decisions earns, by epsilon, beside scikit-learn without privacy.

    OMP_NUM_THREADS=1 python tests/benchmarks/policy.py [--rows 10000] [--seeds 10]

The world is made up, so what a policy earns is known: three actions, whose mean reward (0 or 1) depends on
age, income and region; logged propensities are known and at least 0.14. scikit-learn fits one model for each
action (logistic regression, boosted trees) on 60 % of the records and values its policy by the doubly robust
estimate on the others, with the same propensities. "error": of the doubly robust value; "width": of its
interval of 95 %; "covered": how often it holds what the policy earns.
"""

import argparse
import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

REGIONS, NAMES = "nsew", ("none", "call", "visit")
EPSILONS = (0.5, 1.0, 2.0, 4.0, 8.0)


def world(rows, seed):
    """(table, mean reward of each action, propensities), (rows, 3)."""
    rng = np.random.default_rng([7, seed])
    age, income, region = rng.uniform(18, 90, rows), rng.lognormal(10, 1, rows), rng.integers(0, 4, rows)
    old, rich = (age - 18) / 72, np.clip((np.log(income) - 8) / 4, 0, 1)
    visit = 0.55 - 0.35 * rich + 0.05 * (region == 2) - 0.1 * (region == 1)
    mean = np.stack([np.full(rows, 0.35), 0.2 + 0.4 * old, visit], axis=1)
    raised = np.exp(np.stack([0 * old, old - 0.5, 0.8 * rich - 0.6], axis=1))
    chances = 0.85 * raised / raised.sum(axis=1, keepdims=True) + 0.05
    taken = (chances.cumsum(axis=1) < rng.random((rows, 1))).sum(axis=1)
    at = np.arange(rows)
    table = {
        "age": age,
        "income": income,
        "region": np.array(list(REGIONS))[region],
        "action": np.array(NAMES)[taken],
        "reward": (rng.random(rows) < mean[at, taken]).astype(float),
        "p": chances[at, taken],
    }
    return table, mean, chances


def private(table, epsilon):
    """(policy of a table, value, low, high)."""
    from ppdesk.train.policy.estimator import PolicyLearner
    from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

    schema = Schema(
        (Numeric("age", 18, 90), Numeric("income", 0, 1e6, True), Categorical("region", tuple(REGIONS)))
    )
    made = PolicyLearner(
        schema=schema, target=Classes("action", NAMES), reward=Quantity("reward", 0, 1),
        propensity="p", least_propensity=0.1, epsilon=epsilon,
    ).fit(table)  # fmt: skip
    told = made.values_[0]["dr"]
    return made.predict_proba, told["value"], told["low"], told["high"]


def plain(table, make, seed):
    """The same of scikit-learn, without privacy."""

    def features(of):
        return np.column_stack([of["age"], np.log(of["income"]), *(of["region"] == one for one in REGIONS)])

    taken = np.array([NAMES.index(one) for one in table["action"]])
    side, x = np.random.default_rng([8, seed]).random(len(taken)) < 0.4, features(table)
    models = []
    for action in range(len(NAMES)):
        here = ~side & (taken == action)
        models.append(make().fit(x[here], table["reward"][here]))

    def earned(of):
        return np.stack([one.predict_proba(features(of))[:, 1] for one in models], axis=1)

    def policy(of):
        return np.eye(len(NAMES))[earned(of).argmax(axis=1)]

    part = {name: column[side] for name, column in table.items()}
    q, chances, a = earned(part), policy(part), taken[side]
    at = np.arange(len(a))
    scores = (chances * q).sum(axis=1) + chances[at, a] / part["p"] * (part["reward"] - q[at, a])
    value, error = scores.mean(), 1.96 * scores.std() / np.sqrt(len(a))
    return policy, value, value - error, value + error


def learners():
    """name -> how to learn from (table, seed)."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    found = {
        f"ppdesk, epsilon {epsilon:g}": lambda table, _, epsilon=epsilon: private(table, epsilon)
        for epsilon in EPSILONS
    }
    found["scikit-learn, logistic"] = lambda table, seed: plain(
        table, lambda: make_pipeline(StandardScaler(), LogisticRegression()), seed
    )
    found["scikit-learn, boosting"] = lambda table, seed: plain(
        table,
        lambda: HistGradientBoostingClassifier(max_iter=60, learning_rate=0.05, max_leaf_nodes=8),
        seed,
    )
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[3_000, 10_000, 30_000, 100_000])
    parser.add_argument("--seeds", type=int, default=10)
    given = parser.parse_args()
    fresh, mean, chances = world(100_000, 10**6)
    best, constant = mean.max(axis=1).mean(), mean.mean(axis=0).max()
    logged = (chances * mean).sum(axis=1).mean()
    out = sys.stdout.write
    out(f"best possible {best:.4f}, best single action {constant:.4f}, logged {logged:.4f}\n")
    for rows in given.rows:
        for name, learn in learners().items():
            told = []
            for seed in range(given.seeds):
                policy, value, low, high = learn(world(rows, seed)[0], seed)
                earns = (policy(fresh) * mean).sum(axis=1).mean()
                told.append((earns, abs(value - earns), high - low, low <= earns <= high))
            earns, error, width, covered = np.mean(told, axis=0)
            out(f"{rows:>7,} {name:<24} {earns:.4f} error {error:.4f}")
            out(f" width {width:.3f} covered {covered:.2f}\n")


if __name__ == "__main__":
    main()
