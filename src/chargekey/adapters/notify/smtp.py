"""Mail by SMTP."""

from email.message import EmailMessage
from typing import Final

import aiosmtplib

from chargekey.domain.secret import Secret
from chargekey.ports.faults import Refused, Unreachable
from chargekey.ports.notify import Mail

PATIENCE_S: Final = 20


class SmtpMail:
    """`ports.notify.Notify` through the operator's mail server."""

    def __init__(self, host: str, port: int, sender: str, user: str | None, password: Secret | None) -> None:
        self._host, self._port, self._sender = host, port, sender
        self._user, self._password = user, password

    async def send(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        message.set_content(mail.text)
        try:
            await aiosmtplib.send(
                message,
                recipients=[mail.to],  # and nobody whom a header might be read to name
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password.reveal() if self._password else None,
                timeout=PATIENCE_S,
            )
        except aiosmtplib.SMTPResponseException as refused:
            raise Refused(f"the mail server answered {refused.code}") from refused
        except (aiosmtplib.SMTPException, OSError) as unreachable:
            raise Unreachable("the mail server does not answer") from unreachable

    async def is_open(self) -> bool:
        """It answers, and takes our name and password; whether it takes a sender it says only to a mail."""
        server = aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=PATIENCE_S)
        try:
            async with server:
                if self._user:
                    await server.login(self._user, self._password.reveal() if self._password else "")
        except (aiosmtplib.SMTPException, OSError):
            return False
        return True
