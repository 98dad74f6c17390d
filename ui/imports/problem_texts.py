"""Problem codes as sentences, in the language of the screen."""


def problem(code: str) -> str:
    """What is wrong, as a short sentence; the code where no sentence is known."""
    return code.replace("_", " ")


def expected(_code: str, value: str) -> str:
    """What would have been right."""
    return value
