"""Projects of ARX (.deid): their readable parts. Nothing that Java has serialized is ever read."""
