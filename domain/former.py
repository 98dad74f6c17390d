"""What somebody is called whose name was blanked, some time after leaving."""

ZH, EN = "离职人员 #", "Former employee #"


def names(person_id: int) -> tuple[str, str]:
    """The Chinese and the English name that take the place of the person's own."""
    return f"{ZH}{person_id}", f"{EN}{person_id}"


def in_english(name: str) -> str:
    """A name in lists of who acted, which keep the Chinese one; any other name as it is."""
    return EN + name.removeprefix(ZH) if name.startswith(ZH) else name
