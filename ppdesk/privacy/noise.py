"""Where the noise of statistics comes from: OpenDP, or in the test mode a stream that repeats and protects
nobody. Training draws its own, up to billions of numbers, by `gaussian` beside this; models of other
libraries (diffprivlib, InterpretML, Opacus) make theirs. There is no other noise.

OpenDP (opendp 0.16, MIT; Gaboardi, Hay and Vadhan 2020) draws from the operating system's generator by
OpenSSL and cannot be given a seed. Its samplers work on whole numbers exactly (Canonne, Kamath and Steinke
2020), so nothing here rests on floating point. Each mechanism is asked for what it proves about the
sensitivity before it gets a value (its map); less than what is claimed is an error.

OpenDP marks nearly all of its mechanisms as contributed: its authors have not vetted every proof of them.
`enable_features` says once for the process that this is accepted.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.errors import LostProofError
from ppdesk.privacy.scales import choice_scale, concentrated_scale, gaussian_scale, laplace_scale

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]


class Noise(Protocol):
    """Mechanisms on whole numbers, (n,) int64."""

    def laplace(self, values: "Whole", sensitivity: int, epsilon: float) -> "Whole":
        """`values` with discrete Laplace noise: epsilon-DP where L1 `sensitivity` bounds their change."""
        ...

    def gaussian(self, values: "Whole", squared: int, rho: float) -> "Whole":
        """`values` with discrete Gaussian noise: rho-zCDP where `squared` bounds the square of the L2 norm of
        their change."""
        ...

    def highest(self, scores: "Whole", sensitivity: int, epsilon: float) -> int:
        """The place of one of the highest `scores`, by permute-and-flip (McKenna and Sheldon 2020):
        epsilon-DP where `sensitivity` bounds the change of any one score."""
        ...

    def highest_concentrated(self, scores: "Whole", sensitivity: int, rho: float) -> int:
        """The same by the exponential mechanism, at the epsilon that makes it rho-zCDP: rho = epsilon^2 / 8
        (Cesar and Rogers 2021, by bounded range, which permute-and-flip does not have)."""
        ...


def library() -> Any:
    """OpenDP's Python interface, with contributed mechanisms allowed."""
    import opendp.prelude as dp

    dp.enable_features("contrib")
    return dp


def proved(found: float, asked: float) -> None:
    """LostProofError where what OpenDP proves is more than what was asked for."""
    if not found <= asked:
        raise LostProofError(asked=f"{asked:.17g}", found=f"{found:.17g}")


@dataclass(frozen=True)
class OpenDpNoise:
    """The real source."""

    @cached_property
    def _dp(self) -> Any:
        return library()

    def laplace(self, values: "Whole", sensitivity: int, epsilon: float) -> "Whole":
        dp = self._dp
        made = dp.m.make_laplace(
            dp.vector_domain(dp.atom_domain(T="i64")),
            dp.l1_distance(T="i64"),
            scale=laplace_scale(sensitivity, epsilon),
        )
        proved(made.map(sensitivity), epsilon)
        return _whole(made(values))

    def gaussian(self, values: "Whole", squared: int, rho: float) -> "Whole":
        dp = self._dp
        made = dp.m.make_gaussian(
            dp.vector_domain(dp.atom_domain(T="i64")),
            dp.l2_distance(T="f64"),
            scale=gaussian_scale(squared, rho),
        )
        proved(made.map(squared**0.5), rho)
        return _whole(made(values))

    def highest(self, scores: "Whole", sensitivity: int, epsilon: float) -> int:
        scale = choice_scale(sensitivity, epsilon)
        return self._noisy_max(scores, sensitivity, self._dp.max_divergence(), scale, epsilon)

    def highest_concentrated(self, scores: "Whole", sensitivity: int, rho: float) -> int:
        scale = concentrated_scale(sensitivity, rho)
        return self._noisy_max(scores, sensitivity, self._dp.zero_concentrated_divergence(), scale, rho)

    def _noisy_max(self, scores: "Whole", sensitivity: int, measure: Any, scale: float, most: float) -> int:
        """One of the highest, at a loss of at most `most` in the privacy `measure`."""
        dp = self._dp
        made = dp.m.make_noisy_max(
            dp.vector_domain(dp.atom_domain(T="i64")), dp.linf_distance(T="i64"), measure, scale=scale
        )
        proved(made.map(sensitivity), most)
        return int(made(scores))


@dataclass(frozen=True)
class RepeatableNoise:
    """The same distributions, near enough for tests, from the test mode's stream. Not private."""

    entropy: Entropy

    def _source(self) -> "np.random.Generator":
        import numpy as np

        return np.random.default_rng(int.from_bytes(self.entropy.take(32), "big"))

    def laplace(self, values: "Whole", sensitivity: int, epsilon: float) -> "Whole":
        import numpy as np

        source, chance = self._source(), -np.expm1(-1 / laplace_scale(sensitivity, epsilon))
        # the difference of two geometric numbers is discrete Laplace
        return _whole(values + source.geometric(chance, values.size) - source.geometric(chance, values.size))

    def gaussian(self, values: "Whole", squared: int, rho: float) -> "Whole":
        import numpy as np

        return _whole(values + np.rint(self._source().normal(0, gaussian_scale(squared, rho), values.size)))

    def highest(self, scores: "Whole", sensitivity: int, epsilon: float) -> int:
        return self._gumbel(scores, choice_scale(sensitivity, epsilon))

    def highest_concentrated(self, scores: "Whole", sensitivity: int, rho: float) -> int:
        return self._gumbel(scores, concentrated_scale(sensitivity, rho))

    def _gumbel(self, scores: "Whole", scale: float) -> int:
        return int((scores + self._source().gumbel(0, scale, scores.size)).argmax())


def noise_of(entropy: Entropy) -> Noise:
    """OpenDP, unless `entropy` says that it protects nobody."""
    return OpenDpNoise() if entropy.private else RepeatableNoise(entropy)


def maker(noise: Noise) -> str:
    """What makes the noise, with its version."""
    if not isinstance(noise, OpenDpNoise):
        return "a stream that repeats (test mode)"
    from importlib.metadata import version

    return f"OpenDP {version('opendp')}"


def _whole(values: Any) -> "Whole":
    import numpy as np

    return np.asarray(values, dtype=np.int64)
