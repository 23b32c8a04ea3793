import bot  # noqa: F401  # before numpy: it says how many threads a product of matrices takes
