"""How much of a name, a telephone number or an address is shown before somebody asks for it."""

DOTS = "•••"
SHOWN_FIRST, SHOWN_LAST = 5, 3  # of a telephone number: the country, and enough to tell two apart


def masked_name(name: str) -> str:
    """Return the first letter alone: «N•••»."""
    return f"{name[0]}{DOTS}" if name else ""


def masked_phone(phone: str) -> str:
    """Return *phone* (E.164) without its middle: «+9665•••••123»; a short one without any of it."""
    hidden = len(phone) - SHOWN_FIRST - SHOWN_LAST
    if hidden <= 0:
        return DOTS if phone else ""
    return f"{phone[:SHOWN_FIRST]}{'•' * hidden}{phone[-SHOWN_LAST:]}"


def masked_email(email: str) -> str:
    """Return the first letter and the last part of the domain: «a•••@•••.sa»."""
    if not email:
        return ""
    return f"{email[0]}{DOTS}@{DOTS}.{email.rpartition('.')[2]}"
