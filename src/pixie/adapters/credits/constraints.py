from typing import Final

from pixie.adapters.kernel.database import ConstraintErrors
from pixie.domain.credits.errors import AlreadyGranted, HoldAlreadyPlaced

CREDIT_CONSTRAINTS: Final[ConstraintErrors] = {
    "pk_credit_holds": HoldAlreadyPlaced,
    "uq_credit_lots_account_id_cause": AlreadyGranted,
}
