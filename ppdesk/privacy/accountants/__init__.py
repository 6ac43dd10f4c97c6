"""What typed events add up to, by three independent ways. Each loads its library when it is called."""
