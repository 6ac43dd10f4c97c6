"""What Model asks for."""

from ppdesk.core.params import Params, param


class ModelParams(Params):
    """What a recommendation rests on, beside objective, standard and roles."""

    target: str | None = param(
        None, label="Target", help="The column to predict. Empty: the one that Roles declares."
    )
    rows: int | None = param(
        None,
        label="Records, about",
        help="The approximate number of records, if it is public. Empty: size plays no part. The table is "
        "not counted: what is recommended must not depend on a record.",
        unit="records",
        ge=1,
        le=1_000_000_000,
    )
    glass_box: bool = param(
        True,
        label="Every part can be looked at",
        help="Only models whose every part can be read and explained, as decisions about people ask for.",
    )
