"""What a released or synthetic table kept of the original one."""
