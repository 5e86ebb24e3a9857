"""The paper's data path: corpora of counselling, their quality, MI-style rewriting, splits, and looking for leaks."""
