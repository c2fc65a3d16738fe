"""Bodies of sign-in requests. Bounds are generous: the rules themselves are the domain's."""

from typing import Annotated

from msgspec import Meta, Struct

from pixie.application.accounts.login import LoginCommand
from pixie.application.accounts.logout import LogoutCommand, Reach
from pixie.application.accounts.refresh import RefreshCommand
from pixie.application.accounts.register import RegisterCommand
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.accounts.session import Device
from pixie.domain.kernel.locale import Locale

Email = Annotated[str, Meta(max_length=320, description="An e-mail address.", examples=["ada@example.com"])]
Password = Annotated[
    str,
    Meta(
        max_length=1024,
        description="8 to 256 characters, any but U+0000 (counted after Unicode normalisation, NFKC).",
        examples=["correct horse battery staple"],
    ),
]
Name = Annotated[
    str, Meta(max_length=1024, description="What you want to be called: 1 to 255 characters.", examples=["Ada"])
]
Token = Annotated[
    str,
    Meta(
        max_length=200,
        description="The refresh token of the last answer.",
        examples=["pxr_4vT0mJc3jQ8n1Yw5sK2fH7bXaLrEoPzUuGdCiVtN9kM"],
    ),
]


class RegisterBody(Struct, kw_only=True, forbid_unknown_fields=True):
    email: Email
    password: Password
    name: Name

    def to_command(self, locale: Locale, device: Device, key: IdempotencyKey | None) -> RegisterCommand:
        return RegisterCommand(
            email=self.email, password=self.password, name=self.name, locale=locale, device=device, idempotency=key
        )


class LoginBody(Struct, kw_only=True, forbid_unknown_fields=True):
    email: Email
    password: Password

    def to_command(self, device: Device) -> LoginCommand:
        return LoginCommand(email=self.email, password=self.password, device=device)


class RefreshBody(Struct, kw_only=True, forbid_unknown_fields=True):
    refresh_token: Token

    def to_command(self) -> RefreshCommand:
        return RefreshCommand(refresh_token=self.refresh_token)


class LogoutBody(Struct, kw_only=True, forbid_unknown_fields=True):
    everywhere: Annotated[bool, Meta(description="End all sessions of this account.", examples=[True])] = False

    def to_command(self, caller: Caller) -> LogoutCommand:
        return LogoutCommand(caller=caller, reach=Reach.EVERYWHERE if self.everywhere else Reach.THIS_SESSION)
