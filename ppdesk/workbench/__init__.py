"""An open project: runs a step in the worker process and writes its record. The only writer."""
