"""Mails in the form of RFC 5322, for every adapter that hands them over."""

from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from pixie.application.notifications.mail import Mail


def message_of(mail: Mail, *, sender: str, now: datetime) -> EmailMessage:
    """The same mail always has the same Message-ID, so that a mailbox can recognise a second delivery."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=policy.SMTP if mail.to.isascii() else policy.SMTPUTF8)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = _recipient(mail)
    message["Subject"] = mail.subject
    message["Date"] = now
    message["Message-ID"] = f"<{mail.id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.locale  # last: a content header set before would go to the first part alone
    return message


def _recipient(mail: Mail) -> Address:
    username, _, domain = mail.to.rpartition("@")
    return Address(mail.to_name, username=username, domain=domain)
