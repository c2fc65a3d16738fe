from enum import StrEnum


class Role(StrEnum):
    """What a person may do beyond their own things. Each role includes what the ones before it may."""

    USER = "user"
    PREMIUM = "premium"
    ADMIN = "admin"
