"""The words of charts' values: what each list and number is called, and what kind of chart each is."""

from ppdesk.report.tongue import Tongue


def drawn_as(plot: str, say: Tongue) -> str:
    """What kind of chart it is and what it draws, one sentence."""
    return str(_drawn(say).get(plot) or say("Chart."))


def word_of(plot: str, key: str, say: Tongue) -> str:
    """What a value is called: the plot's own word, the usual word, or the key itself."""
    return str(_own(say).get((plot, key)) or _usual(say).get(key) or key.replace("_", " ").capitalize())


def _drawn(say: Tongue) -> dict[str, str]:
    return {
        "class_sizes": say("Bar chart of the records by the size of their class, before and after."),
        "column_loss": say("Bar chart of the loss of detail of each column, 0 to 100 %."),
        "confusion": say("Two by two table of what was predicted and what is true, in records."),
        "drift": say("Bar chart of the population stability index of each column, with its limit."),
        "utility": say("Bar chart of the total variation distance of each column, 0 to 1."),
        "budget": say("Bar chart of the privacy loss ε of each run, with its limit."),
        "epsilon_words": say("Bar chart of how sure an attacker can become, by how sure one was before."),
        "noisy_counts": say("Bar chart of counts with noise, with 95 % intervals."),
        "lattice": say("Scatter chart of transformations: the sum of levels against the score."),
        "roc": say("Line chart of the share found among the positive against the share of false alarms."),
        "calibration": say("Scatter chart of the observed share against the predicted probability."),
        "fairness": say("Chart of the rate of each group with its interval."),
        "precision_recall": say("Line chart of precision against recall."),
        "costs": say("Line chart of the value of acting on the model, by threshold."),
        "agreement": say("Scatter chart of the mean actual against the mean predicted number."),
        "tradeoff": say("Scatter chart of average risk against loss, with the line of the best trade-offs."),
        "shape_function": say("Chart of how the model's answer moves with one column, with a band."),
        "usefulness": say("Line chart of usefulness by privacy loss ε."),
        "associations": say("Square of columns: how strongly each pair hangs together, before and after."),
        "sampling": say("Line chart of the score of random samples by their share of the records."),
        "claimed_measured": say("Bar chart of each audit's lower bound on ε beside the claimed upper bound."),
        "risk_bars": say("Bar chart of the share that each attack got, with interval, limit and guessing."),
        "attack_roc": say("Line chart of members found against false alarms, both axes logarithmic."),
        "drift_over_time": say("Table of the population stability index of each column in each batch."),
        "by_batch": say("Line chart by batch, with the band in which it should be."),
        "risk_map": say("Map of severity against likelihood, before and after the measures."),
    }


def _own(say: Tongue) -> dict[tuple[str, str], str]:
    """Keys that mean another thing in one chart."""
    return {
        ("class_sizes", "labels"): say("Size of the class"),
        ("class_sizes", "before"): say("Records before"),
        ("class_sizes", "after"): say("Records after"),
        ("shape_function", "labels"): say("Values"),
        ("costs", "levels"): say("Without the model"),
        ("costs", "at"): say("Threshold"),
        ("costs", "least"): say("Lowest value drawn"),
        ("calibration", "p"): say("Predicted probability"),
        ("risk_bars", "name"): say("Attack"),
        ("risk_bars", "beside"): say("For comparison"),
        ("attack_roc", "least"): say("Smallest false-alarm rate shown"),
        ("attack_roc", "tpr"): say("Members found"),
        ("claimed_measured", "name"): say("Audit"),
        ("budget", "label"): say("Run"),
        ("sampling", "label"): say("Level line"),
        ("sampling", "share"): say("Share of the records"),
        ("usefulness", "ceiling"): say("Without privacy"),
        ("usefulness", "current"): say("Chosen ε"),
        ("lattice", "totals"): say("Sum of levels"),
        ("lattice", "statuses"): say("State"),
        ("associations", "before"): say("Before"),
        ("associations", "after"): say("After"),
    }


def _usual(say: Tongue) -> dict[str, str]:
    return {
        "accuracy": say("95 % interval, plus or minus"),
        "actual": say("Mean actual number"),
        "after": say("After"),
        "band": say("Band"),
        "batches": say("Batch"),
        "before": say("Before"),
        "claimed": say("Claimed ε, at most"),
        "columns": say("Column"),
        "counts": say("Count with noise"),
        "delta": say("Failure chance δ"),
        "deviation": say("Standard deviation"),
        "distance": say("Total variation distance"),
        "effect": say("Effect"),
        "epsilon": say("Privacy loss ε"),
        "epsilons": say("Privacy loss ε"),
        "first": say("First column"),
        "fn": say("Positive, predicted negative"),
        "found": say("Found"),
        "fp": say("Negative, predicted positive"),
        "fpr": say("False alarms"),
        "groups": say("Group"),
        "high": say("Upper bound"),
        "labels": say("Group"),
        "limit": say("Limit"),
        "loss": say("Loss"),
        "low": say("Lower bound"),
        "marks": say("Marks"),
        "means": say("Mean"),
        "measure": say("Metric"),
        "measured": say("Measured ε, at least"),
        "n": say("Records"),
        "name": say("Name"),
        "observed": say("Observed share"),
        "pairs": say("Pairs of columns"),
        "posteriors": say("Sure after, at most"),
        "power": say("Most that the audit could show"),
        "precision": say("Precision"),
        "predicted": say("Mean predicted number"),
        "prevalence": say("Share of positives"),
        "priors": say("Sure before"),
        "psi": say("Population stability index"),
        "rate": say("Rate"),
        "recall": say("Recall"),
        "risk": say("Risk"),
        "score": say("Score"),
        "scores": say("Score"),
        "sds": say("Standard deviation"),
        "second": say("Second column"),
        "state": say("State"),
        "tn": say("Negative, predicted negative"),
        "tp": say("Positive, predicted positive"),
        "tpr": say("Found among the positive"),
        "unit": say("Unit"),
        "value": say("Value"),
        "values": say("Value"),
        "verdict": say("Verdict"),
        "wanted": say("Wanted"),
        "words": say("In words"),
        "share": say("Share"),
    }
