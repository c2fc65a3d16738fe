from collections.abc import Mapping

from pixie.domain.accounts.errors import EmailTaken
from pixie.domain.kernel.errors import PixieError

ACCOUNT_CONSTRAINTS: Mapping[str, type[PixieError]] = {"uq_users_email_key": EmailTaken}
"""What the database refuses by these names, in the domain's words."""
