"""From a document to pages: ReportLab's platypus with the design's type, colours and spacing."""
