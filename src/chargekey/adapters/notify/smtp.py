"""Mail by SMTP, in the clear only where the operator has said so or the mail server is this machine."""

from email.message import EmailMessage
from typing import Final

import aiosmtplib

from chargekey.domain.secret import Secret
from chargekey.ports.faults import Refused, Unreachable
from chargekey.ports.notify import Mail, MailPrivacy

PATIENCE_S: Final = 20


class SmtpMail:
    """`ports.notify.Notify` through the operator's mail server.

    The server's certificate is proved for its name wherever encryption is asked for.
    """

    def __init__(
        self, host: str, port: int, privacy: MailPrivacy, sender: str, user: str | None, password: Secret | None
    ) -> None:
        self._host, self._port, self._privacy, self._sender = host, port, privacy, sender
        self._user, self._password = user, password

    async def send(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        message.set_content(mail.text)
        try:
            async with self._server() as server:
                await server.send_message(
                    message, recipients=[mail.to]
                )  # and nobody whom a header might be read to name
        except aiosmtplib.SMTPResponseException as refused:
            raise Refused(f"the mail server answered {refused.code}") from refused
        except (aiosmtplib.SMTPException, OSError) as unreachable:
            raise Unreachable("the mail server does not answer, or not encrypted") from unreachable

    async def is_open(self) -> bool:
        """It answers, and takes our name and password; whether it takes a sender it says only to a mail."""
        try:
            async with self._server():
                return True
        except (aiosmtplib.SMTPException, OSError):
            return False

    def _server(self) -> aiosmtplib.SMTP:
        """Entered, it is connected, encrypted as asked, and signed in where there is a user."""
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password.reveal() if self._password else None,
            use_tls=self._privacy is MailPrivacy.TLS,
            start_tls=self._privacy is MailPrivacy.STARTTLS,
            timeout=PATIENCE_S,
        )
