"""Other generators, each given the same entries as its own input."""
