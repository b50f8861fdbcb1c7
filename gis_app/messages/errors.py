"""Why a message did not go out."""


class Undeliverable(Exception):
    """It did not go out. `for_good`: trying again would change nothing.

    The reason is for the desk: it never holds an address.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good
