"""What Anonymize asks for."""

from typing import Annotated

from pydantic import BeforeValidator

from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.quality_names import Quality
from ppdesk.core.params import Params, SourceFile, param
from ppdesk.workflow.data.local_params import LocalParams
from ppdesk.workflow.data.masking_params import MaskingParams
from ppdesk.workflow.data.population_params import PopulationParams
from ppdesk.workflow.data.search_params import SearchParams
from ppdesk.workflow.data.sensitive_models import SensitiveModel, read, sentences


class _ClassParams(Params):
    """The privacy model and what counts as loss."""

    k: int = param(
        5, label="k", unit="records", ge=2, le=1_000_000,
        help="Everyone looks like at least k - 1 others in the release. The standard sets a minimum.",
    )  # fmt: skip
    suppression_limit: float = param(
        0.02, label="Suppress at most", unit="share of records", ge=0, le=1,
        help="Records that stay too rare are suppressed: their quasi-identifiers become *. 0.02 allows 2"
        " % of the"
        " records; a little suppression often saves much detail in all others.",
    )  # fmt: skip
    quality: Quality = param(
        Quality.LOSS, label="Quality model", more=True,
        help="What is kept smallest, as ARX defines it. loss: detail given away. discernibility: squares of"
        " class sizes. aecs: records per class. precision: levels climbed. height: sum of levels. ambiguity:"
        " records that a label could stand for. non-uniform-entropy: information lost; normalized: its share"
        " of the most that a column can lose. entropy-based-information-loss: information lost per record."
        " kl-divergence: distance of the two distributions. classification-accuracy: records whose response"
        " the majority of their class does not predict. publisher-payout: money that publishing brings less"
        " than it could, after attacks.",
    )  # fmt: skip
    aggregate: Aggregate = param(
        Aggregate.DEFAULT,
        label="Columns' losses become one by",
        help="Of loss, precision, height and non-uniform entropy. The default is ARX's: geometric-mean for"
        " loss, arithmetic-mean for precision, sum for the others. The arithmetic mean and the sum let one"
        " column pay for another more freely; maximum looks at the column that loses most, rank at that"
        " one first, then at the next.",
        more=True,
    )
    gs_factor: float = param(
        0.5, label="Generalize or suppress", ge=0, le=1, more=True,
        help="0.5 weighs both alike. Towards 0 suppressing a record costs less, towards 1 generalizing"
        " costs less. Of loss, precision, AECS, non-uniform entropy, entropy-based information"
        " loss, classification-accuracy and publisher-payout.",
    )  # fmt: skip
    weights: dict[str, float] = param(
        {}, label="Weights", more=True,
        help="How much a column's detail matters, 1 where not named. 0 gives the column away freely.",
    )  # fmt: skip
    monotone: bool = param(
        False, label="Monotone variant", more=True,
        help="Of discernibility, precision and non-uniform-entropy: count generalization alone, as if"
        " nothing were suppressed. Quicker to search, and suppression up to its limit is free.",
    )  # fmt: skip
    response: str = param(
        "", label="Response variable", more=True, empty="the target of Roles",
        help="For classification-accuracy: the column that somebody wants to predict from the release, no"
        " quasi-identifier.",
    )  # fmt: skip
    sensitive: Annotated[tuple[str, ...], BeforeValidator(sentences)] = param(
        (), label="Protect sensitive columns", more=True, empty="k-anonymity alone",
        help="Models that each class must meet besides k, such as occupation: distinct-l-diversity, l = 2. A"
        " class that violates one is suppressed as a whole. Models: distinct-l-diversity (l),"
        " entropy-l-diversity (l; estimator = grassberger corrects small classes),"
        " recursive-(c,l)-diversity (c, l), equal-t-closeness (t),"
        " hierarchical-t-closeness (t), ordered-t-closeness (t), delta-disclosure (delta),"
        " basic-beta-likeness (beta), enhanced-beta-likeness (beta).",
    )  # fmt: skip
    sensitive_hierarchies: dict[str, SourceFile] = param(
        {}, label="Hierarchies of sensitive columns", more=True,
        help="For hierarchical-t-closeness: a CSV file per column, as for quasi-identifiers. Without one, the"
        " hierarchy that Roles has.",
    )  # fmt: skip

    def models(self) -> list[SensitiveModel]:
        """`sensitive` with its parameters."""
        return [read(one) for one in self.sensitive]


class AnonymizeParams(MaskingParams, SearchParams, LocalParams, PopulationParams, _ClassParams):
    """Classes first, then how they are searched for, then what happens to single columns."""
