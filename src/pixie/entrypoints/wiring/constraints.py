from typing import Final

from pixie.adapters.accounts.constraints import ACCOUNT_CONSTRAINTS
from pixie.adapters.credits.constraints import CREDIT_CONSTRAINTS
from pixie.adapters.files.constraints import FILE_CONSTRAINTS
from pixie.adapters.jobs.constraints import JOB_CONSTRAINTS
from pixie.adapters.kernel.database import ConstraintErrors

CONSTRAINTS: Final[ConstraintErrors] = {
    **ACCOUNT_CONSTRAINTS,
    **CREDIT_CONSTRAINTS,
    **FILE_CONSTRAINTS,
    **JOB_CONSTRAINTS,
}
"""All names of constraints that mean something to a client."""
