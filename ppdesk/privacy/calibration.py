"""How much noise a guarantee asks for: sigma from (epsilon, delta), and back."""

from ppdesk.privacy.gaussian_dp import delta_of_mu, epsilon_of_mu, gaussian_mu

__all__ = ["delta_of_mu", "epsilon_of_mu", "gaussian_mu"]
