"""Where a numeric target lies between its declared bounds: paid for, private, and used to narrow them."""
