"""The project file: encrypted, an append-only chain of events, microdata in chunks, an anchor outside."""
