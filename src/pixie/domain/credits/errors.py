from uuid import UUID

from pixie.domain.kernel.errors import ErrorKind, PixieError


class InsufficientCredits(PixieError):
    kind = ErrorKind.UNPAID
    code = "insufficient_credits"
    title = "Not enough credits"

    def __init__(self, *, required: int, available: int) -> None:
        super().__init__(
            f"This takes {_credits(required)}; you have {_credits(available)}, and need {required - available} more.",
            missing=required - available,
            required=required,
            available=available,
        )


class InvalidCreditAmount(PixieError):
    kind = ErrorKind.INVALID
    code = "invalid_credit_amount"
    title = "Invalid amount of credits"

    def __init__(self, amount: int, *, least: int, most: int) -> None:
        super().__init__(f"{amount} is not an amount between {least} and {most}.", least=least, most=most)


class CreditTextTooLong(PixieError):
    kind = ErrorKind.INVALID
    code = "credit_text_too_long"
    title = "Text too long"

    def __init__(self, field: str, *, longest: int) -> None:
        super().__init__(f"The {field} may have at most {longest} characters.", longest=longest)


class AlreadyGranted(PixieError):
    """Two grants for one cause met; the first one counts."""

    kind = ErrorKind.CONFLICT
    code = "already_granted"
    title = "Already granted"

    def __init__(self) -> None:
        super().__init__("These credits were granted before.")


class HoldNotFound(PixieError):
    kind = ErrorKind.MISSING
    code = "hold_not_found"
    title = "No such hold"

    def __init__(self, hold_id: UUID) -> None:
        super().__init__(f"No credits are held under {hold_id}.")


class HoldAlreadyPlaced(PixieError):
    kind = ErrorKind.CONFLICT
    code = "hold_already_placed"
    title = "Hold already placed"

    def __init__(self) -> None:
        super().__init__("Credits were held for this before.")


class HoldAlreadySettled(PixieError):
    kind = ErrorKind.CONFLICT
    code = "hold_already_settled"
    title = "Hold already settled"

    def __init__(self, hold_id: UUID, outcome: str) -> None:
        super().__init__(f"What was held under {hold_id} is {outcome} already, and stays so.")


def _credits(amount: int) -> str:
    return "1 credit" if amount == 1 else f"{amount} credits"
