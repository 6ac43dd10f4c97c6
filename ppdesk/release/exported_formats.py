"""Which trained models have an ONNX form, by the format of their JSON. Light: names alone."""

LINEAR = "ppdesk-logistic-1"
BINNED = "ppdesk-additive-1"
NETWORK = "ppdesk-network-1"
FORMATS = (LINEAR, BINNED, NETWORK)
