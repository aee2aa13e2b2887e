"""One operator at setting up his home by pages: what he has said, what was written for it, what was seen last.

Everything here waits for files and for Tesla, and is asked one thing at a time, whatever presses come at once.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chargekey.domain.findings import KeyFile
from chargekey.entrypoints.setting_up.answers import Answers, Changed, LeftAlone, to_the_rest
from chargekey.entrypoints.setting_up.home import AtTesla, SettingUp
from chargekey.entrypoints.setting_up.questions import ASKED, WillNotDo
from chargekey.journeys.check_operator import OurSide, RegionChecked

OF_THE_HOME: Final = ("domain", "operator_name", "operators", "smtp_host")
OF_ITS_MAIL: Final = ("smtp_port", "mail_from", "smtp_user", "smtp_password")
"""Asked only where there is a mail server."""
OF_THE_APP: Final = ("tesla_client_id", "tesla_client_secret")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written and what was left alone. `made_key` False: there was one, and it stays.

    `was_set_up`: there was a file before, so a Chargekey may be running that has read it.
    """

    file: Path
    changed: tuple[Changed, ...]
    left_alone: tuple[LeftAlone, ...]
    key_path: Path
    made_key: bool
    was_set_up: bool


class Sitting:
    """`trouble`: what stood in the way of the last thing that was tried, in a line; "": nothing."""

    def __init__(self, home: SettingUp, given: Mapping[str, str]) -> None:
        """Raises `WillNotDo` for what was given and is no answer."""
        self.home = home
        self.answers = self._as_it_stands()
        for name, said in given.items():
            self.answers.take(ASKED[name], said)
        self.kept: Kept | None = None
        self.key_found: KeyFile | None = None
        self.registered: tuple[RegionChecked, ...] = ()
        self.side: OurSide | None = None
        self.trouble = ""
        self._one_at_a_time = threading.Lock()

    # ── answering ────────────────────────────────────────────────

    def hears(self, said: Mapping[str, str]) -> dict[str, str]:
        """Takes what is an answer; returns the rest by name, each with why it is none.

        A secret is never shown, so an empty one leaves the known one as it is.
        """
        domain_before, wrong = self.domain, {}
        for name, text in said.items():
            question = ASKED[name]
            if question.is_secret and not text and self.answers.known(question):
                continue
            try:
                self.answers.take(question, text)
            except WillNotDo as why:
                wrong[name] = str(why)
        if self.domain != domain_before and self.answers.known(ASKED["base_url"]) == f"https://{domain_before}":
            self.answers.take(ASKED["base_url"], f"https://{self.domain}")
        return wrong

    @property
    def domain(self) -> str:
        """Empty as long as nobody has said it."""
        return self.answers.known(ASKED["domain"]) or ""

    @property
    def base_url(self) -> str:
        return self.answers.known(ASKED["base_url"]) or f"https://{self.domain}"

    @property
    def sends_mail(self) -> bool:
        return bool(self.answers.known(ASKED["smtp_host"]))

    @property
    def at_tesla(self) -> AtTesla:
        return self.home.at_tesla(self.domain, self.base_url)

    # ── doing ────────────────────────────────────────────────────

    def keep(self) -> None:
        """Writes the file, and makes the key where there is none. `kept` says what came of it."""
        self._tries(self._keep)

    def look_for_key(self) -> None:
        """As Tesla would fetch it just now."""
        self._tries(self._look_for_key)

    def register(self) -> None:
        """In every region, if Tesla can fetch the key; then a look at everything."""
        self._tries(self._register)

    def look(self) -> None:
        """At everything, as Tesla sees it."""
        self._tries(self._look)

    def _keep(self) -> None:
        answers = self.answers
        answers.to(ASKED["base_url"], self.base_url)
        to_the_rest(answers)
        answers.stop_at_missing()
        file = self.home.keep(answers.new)
        made_key = self.home.make_key()
        changed, left_alone = tuple(answers.changed), tuple(answers.left_alone)
        self.kept = Kept(file, changed, left_alone, self.home.key_path(), made_key, bool(answers.in_file))
        self.answers = self._as_it_stands()
        self.key_found, self.registered, self.side = None, (), None

    def _look_for_key(self) -> None:
        self.key_found = self.home.key_file()

    def _register(self) -> None:
        self._look_for_key()
        if self.key_found is KeyFile.RIGHT:
            self.registered = tuple(self.home.register())
            self._look()

    def _look(self) -> None:
        self.side = self.home.check()

    def _tries(self, work: Callable[[], None]) -> None:
        with self._one_at_a_time:
            self.trouble = ""
            try:
                work()
            except self.home.mendable as wrong:
                self.trouble = str(wrong)

    def _as_it_stands(self) -> Answers:
        return Answers(self.home.in_file(), self.home.in_environment(), {})
