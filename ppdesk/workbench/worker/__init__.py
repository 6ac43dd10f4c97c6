"""The process that gets the data: started, given jobs, held to its answers, and ended."""
