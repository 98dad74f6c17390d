"""Pages of a list that is too long for one screen, numbered from 1."""


def pages(count: int, size: int) -> int:
    """How many pages `count` rows make; an empty list has one."""
    return max(1, -(-count // size))


def held(number: int, count: int, size: int) -> int:
    """The page that is shown where page `number` is asked for: held to the last that has rows."""
    return max(1, min(number, pages(count, size)))


def before(number: int, count: int, size: int) -> int:
    """How many rows lie before the page that is shown."""
    return (held(number, count, size) - 1) * size
