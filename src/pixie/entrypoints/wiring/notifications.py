from dishka import BaseScope, Provider, Scope, provide, provide_all

from pixie.adapters.notifications.file_mail_folder import FileMailFolder
from pixie.adapters.notifications.file_mail_templates import FileMailTemplates
from pixie.adapters.notifications.file_mailer import FileMailer
from pixie.application.kernel.ports import Clock
from pixie.application.notifications.list_mails import ListMails
from pixie.application.notifications.ports import Mailer, MailFolder, MailTemplates
from pixie.application.notifications.send_welcome_mail import SendWelcomeMail
from pixie.application.notifications.show_mail import ShowMail
from pixie.entrypoints.actors.notifications import OnUserRegistered
from pixie.entrypoints.wiring.settings.tree import Settings

_FOLDER = "mail"


class NotificationsWiring(Provider):
    scope: BaseScope | None = Scope.REQUEST

    templates = provide(FileMailTemplates, provides=MailTemplates, scope=Scope.APP)
    use_cases = provide_all(SendWelcomeMail, ListMails, ShowMail)
    subscribers = provide(OnUserRegistered)

    @provide(scope=Scope.APP)
    def mailer(self, settings: Settings, clock: Clock) -> Mailer:
        match settings.mail.kind:
            case "file":
                return FileMailer(settings.data_dir / _FOLDER, sender=settings.mail.sender, clock=clock)

    @provide(scope=Scope.APP)
    def mail_folder(self, settings: Settings) -> MailFolder:
        return FileMailFolder(settings.data_dir / _FOLDER)
