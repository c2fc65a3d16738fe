from dishka import BaseScope, Provider, Scope, provide, provide_all

from pixie.adapters.credits.ledger_credit_summary import LedgerCreditSummary
from pixie.adapters.credits.ledger_welcome_gift import LedgerWelcomeGift
from pixie.adapters.credits.pg_credit_account_store import PgCreditAccountStore
from pixie.adapters.credits.pg_credit_reader import PgCreditReader
from pixie.adapters.credits.pg_ledger_audit import PgLedgerAudit
from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.pg_unit_of_work import Reads
from pixie.application.accounts.ports import CreditSummary, WelcomeGift
from pixie.application.credits.adjust_credits import AdjustCredits
from pixie.application.credits.api import CreditGrants, CreditHolds
from pixie.application.credits.expire_credits import ExpireCredits
from pixie.application.credits.grant_credits import GrantCredits
from pixie.application.credits.ports import CreditAccountStore, CreditReader, LedgerAudit
from pixie.application.credits.show_credits import ShowCredits
from pixie.application.credits.verify_ledger import VerifyLedger
from pixie.application.kernel.ports import Clock
from pixie.entrypoints.wiring.settings.tree import Settings


class CreditsWiring(Provider):
    scope: BaseScope | None = Scope.REQUEST

    accounts = provide(PgCreditAccountStore, provides=CreditAccountStore)
    summary = provide(LedgerCreditSummary, provides=CreditSummary)

    api = provide_all(CreditHolds, CreditGrants)
    operating = provide_all(GrantCredits, AdjustCredits, ShowCredits, ExpireCredits, VerifyLedger)

    @provide
    def reader(self, reads: Reads, clock: Clock) -> CreditReader:
        return PgCreditReader(reads, clock)

    @provide(scope=Scope.APP)
    def audit(self, database: Database) -> LedgerAudit:
        return PgLedgerAudit(database)

    @provide
    def welcome_gift(self, grants: CreditGrants, clock: Clock, settings: Settings) -> WelcomeGift:
        welcome = settings.credits
        return LedgerWelcomeGift(grants, clock, amount=welcome.welcome_amount, lifetime=welcome.welcome_lifetime)
