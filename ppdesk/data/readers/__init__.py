"""Files of every format as tables of texts, each value in its one text form."""
