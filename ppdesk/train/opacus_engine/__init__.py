"""A person's own torch network, trained with Opacus' gradients of single records and our sampling and
noise."""
