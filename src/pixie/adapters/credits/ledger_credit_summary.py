from pixie.application.accounts.ports import CreditSummary
from pixie.application.accounts.views import Credits
from pixie.application.credits.ports import CreditReader
from pixie.domain.kernel.ids import UserId


class LedgerCreditSummary(CreditSummary):
    def __init__(self, reader: CreditReader) -> None:
        self._reader = reader

    async def of(self, user_id: UserId) -> Credits:
        balance = await self._reader.balance(user_id)
        return Credits(available=balance.available, held=balance.held)
