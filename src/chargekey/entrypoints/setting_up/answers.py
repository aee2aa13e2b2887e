"""Answers as they come, and whence each came.

An answer is looked for in this order: given now, set already, asked for. What the environment sets outranks the file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from chargekey.entrypoints.setting_up.questions import ASKED, Question, WillNotDo, shown

Ask = Callable[[Question, str], str]
"""Asks a person once. The text is what was wrong with his last answer, "" the first time."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A line that is new in the file, as it may stand on a screen. `was` "": it was not set before."""

    variable: str
    value: str
    was: str


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A line that was set and stays. `in_environment`: not in the file."""

    variable: str
    value: str
    in_environment: bool


@dataclass
class Answers:
    """`ask` None: nobody is asked, and what is missing is noted. `new`: what the file does not hold yet."""

    in_file: Mapping[str, str]
    in_environment: Mapping[str, str]
    given: dict[str, str]
    ask: Ask | None = None
    new: dict[str, str] = field(default_factory=dict)
    _missing: list[str] = field(default_factory=list)

    def to(self, question: Question, usual: str | None = None) -> str:
        """The answer; what was answered before is not asked again. `usual`: taken for a quiet one that nobody gave."""
        name = question.name
        if name in self.new:
            return self.new[name]
        if question.is_secret and name in self.in_environment:
            self.given.setdefault(name, self.in_environment[name])
        if name in self.given:
            return self._take_given(question, self.given[name])
        if (there := self.known(question)) is not None:
            return there
        if question.is_quiet:
            return self.take(question, usual) if usual else ""
        if self.ask:
            return self._asked(question, self.ask)
        if question.instead is not None:
            return self.take(question, question.instead)
        if question.how not in self._missing:
            self._missing.append(question.how)
        return ""

    def known(self, question: Question) -> str | None:
        """What was answered before; None: nothing that counts."""
        name = question.name
        for there in (self.new, self.in_environment, self.in_file):
            if name in there and (there[name] or name == "smtp_host" or question.instead == ""):
                return there[name]
        return None

    def take(self, question: Question, said: str) -> str:
        """Somebody says so. Raises `WillNotDo` with one line."""
        value = question.takes(said.strip())
        if self.in_environment.get(question.name, value) != value:
            raise WillNotDo(f"{question.variable} is another in the environment, which outranks the file: unset it")
        if self.in_file.get(question.name) != value:
            self.new[question.name] = value
        else:
            self.new.pop(question.name, None)
        return value

    def stop_at_missing(self) -> None:
        """Raises `WillNotDo` that names all at once."""
        if self._missing:
            raise WillNotDo(f"missing: {', '.join(self._missing)}")

    @property
    def changed(self) -> Iterator[Changed]:
        """What `new` does to the file."""
        for name, value in self.new.items():
            was = self.in_file.get(name, "")
            yield Changed(ASKED[name].variable, shown(name, value), shown(name, was) if was else "")

    @property
    def left_alone(self) -> Iterator[LeftAlone]:
        """What was set and stays."""
        for name, question in ASKED.items():
            if name in self.new:
                continue
            if name in self.in_environment and not question.is_secret:
                yield LeftAlone(question.variable, shown(name, self.in_environment[name]), True)
            elif name in self.in_file:
                yield LeftAlone(question.variable, shown(name, self.in_file[name]), False)

    def _take_given(self, question: Question, said: str) -> str:
        try:
            return self.take(question, said)
        except WillNotDo as wrong:
            raise WillNotDo(f"{question.how}: {wrong}") from wrong

    def _asked(self, question: Question, ask: Ask) -> str:
        """Until it is an answer."""
        wrong = ""
        while True:
            said = ask(question, wrong)
            try:
                return self.take(question, said)
            except WillNotDo as why:
                wrong = str(why)


def to_the_rest(answers: Answers) -> None:
    """All but domain and address, which come first; about the mail server only where there is one."""
    for name in ("tesla_client_id", "tesla_client_secret", "operator_name", "operators", "data_dir", "port"):
        answers.to(ASKED[name])
    if answers.to(ASKED["smtp_host"]):
        answers.to(ASKED["smtp_port"])
        answers.to(ASKED["mail_from"])
        if answers.to(ASKED["smtp_user"]):
            answers.to(ASKED["smtp_password"])
