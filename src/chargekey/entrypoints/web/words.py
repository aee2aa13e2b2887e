"""Numbers, times and sentences as a driver reads them: by language from the catalogue, by place through Babel.

Rules of this room:

1. Sentences live in `locale/<language>/LC_MESSAGES/messages.po` under their English text; a missing one is English.
2. Clock times are those of the driver's zone, 0 to 24 hours, without a leading zero.
3. Money arrives as whole micro- or nano-units and is rounded once, here.
"""

import gettext as gnu
import io
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup

from chargekey.domain.car_schedules import EVERY_DAY
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.diagnosis import Finding
from chargekey.domain.tariff import Currency
from chargekey.domain.vehicle import Vin

CATALOGUES: Final = Path(__file__).parent / "locale"
DOMAIN: Final = "messages"
CAUSES: Final = "causes"
"""The words of causes, remedies, questions and answers, under ids made of theirs (`domain/causes`); kept by hand."""
MICRO_PER_CENT: Final = Decimal(10_000)
LARGE: Final = 100
A_KILOGRAM: Final = 1_000
NANO_PER_UNIT: Final = Decimal(1_000_000_000)
WORD_JOINER, NO_BREAK, MINUS = "\u2060", "\u00a0", "\u2212"
MINOR: Final[Mapping[Currency, str]] = {"EUR": "ct", "GBP": "p", "AUD": "c", "USD": "¢"}
"""The hundredth part of a currency, as it is written behind a price of power."""
PLACES: Final = ("en_GB", "en_US", "en_IE", "en_AU", "en_CA")
"""Places whose dates and numbers are written their own way; the first is the fallback."""


@lru_cache(maxsize=32)
def catalogue(language: str) -> gnu.NullTranslations:
    """The sentences of a language, read from its .po file. An unknown language gets English as it stands."""
    sentences: gnu.NullTranslations = gnu.NullTranslations()
    for name in (CAUSES, DOMAIN):
        path = CATALOGUES / language / "LC_MESSAGES" / f"{name}.po"
        if path.is_file():
            compiled = io.BytesIO()
            with path.open("rb") as source:
                write_mo(compiled, read_po(source, locale=language))
            compiled.seek(0)
            further, sentences = sentences, gnu.GNUTranslations(compiled)
            sentences.add_fallback(further)
    return sentences


@lru_cache(maxsize=256)
def place_for(accept_language: str) -> str:
    """The place, out of those we can write for, that a browser's Accept-Language asks for first."""
    wanted = [part.split(";")[0].strip().replace("-", "_") for part in accept_language[:200].split(",")]
    return negotiate_locale([one for one in wanted if one], PLACES, aliases={}) or PLACES[0]


class Words:
    """How one driver reads: his place (such as en_GB), his zone, and the one currency of what a page says of cost.

    `sends_mail`: whether mail leaves this home. What his pages say of mail hangs on this alone, in `mailed` and
    `told_later` of the template parts.html, and in causes and remedies, which may have a part more, `without_mail`.
    """

    def __init__(self, place: str, zone: str, *, sends_mail: bool = True, currency: Currency = "EUR") -> None:
        self.locale = Locale.parse(place)
        self.zone = ZoneInfo(zone)
        self.zone_name = zone
        self.sends_mail = sends_mail
        self.currency = currency

    @property
    def tag(self) -> str:
        """For `lang` in the page."""
        return str(self.locale).replace("_", "-")

    # ── time ─────────────────────────────────────────────────────

    def clock(self, at: datetime) -> str:
        """7:00, 18:40."""
        return format_time(at.astimezone(self.zone), "H:mm", locale=self.locale)

    def day(self, at: datetime) -> str:
        """Friday 27 November."""
        return format_skeleton("MMMMEEEEd", at.astimezone(self.zone), locale=self.locale).replace(",", "")

    def long_date(self, day: date) -> str:
        """Friday 27 November, of a day that is no moment."""
        return format_skeleton("MMMMEEEEd", day, locale=self.locale).replace(",", "")

    def wall(self, shown: time) -> str:
        """7:00, as a clock shows it."""
        return format_time(shown, "H:mm", locale=self.locale)

    def short_day(self, at: datetime) -> str:
        """Fri 27 Nov."""
        return format_skeleton("MMMEd", at.astimezone(self.zone), locale=self.locale).replace(",", "")

    def month(self, day: date) -> str:
        """November 2026."""
        return format_skeleton("MMMMy", day, locale=self.locale)

    def short_month(self, day: date) -> str:
        """Nov, where the year is said."""
        return str(self.locale.months["stand-alone"]["abbreviated"][day.month])

    def short_date(self, day: date) -> str:
        """Fri 27 Nov, of a day that is no moment."""
        return format_skeleton("MMMEd", day, locale=self.locale).replace(",", "")

    def short_weekday(self, number: int) -> str:
        """Mon; Monday is 0."""
        return str(self.locale.days["stand-alone"]["abbreviated"][number])

    def year(self, at: datetime) -> str:
        return str(at.astimezone(self.zone).year)

    def weekday(self, number: int) -> str:
        """Monday is 0."""
        return str(self.locale.days["stand-alone"]["wide"][number])

    def minute_of_day(self, minute: int | None) -> str | None:
        """2:30, of a car's own clock; None stays None."""
        return None if minute is None else f"{minute // 60}:{minute % 60:02}"

    def days_of_mask(self, days: int) -> str:
        """Every day; Mon, Thu. Of a bit mask in which Sunday is 1 and Saturday 64."""
        if days == EVERY_DAY:
            return self.said("Every day")
        names = self.locale.days["stand-alone"]["abbreviated"]
        return ", ".join(str(names[number]) for number in range(7) if days & 1 << (number + 1) % 7)

    def ago(self, at: datetime, now: datetime) -> str:
        """4 seconds ago; at 18:52; on Thu 26 Nov, 18:52. Fits into the end of a sentence."""
        age = max(now - at, timedelta())
        if age < timedelta(seconds=1):
            age = timedelta(seconds=1)
        if age < timedelta(hours=1):
            return format_timedelta(-age, locale=self.locale, add_direction=True, threshold=1)
        if age < timedelta(hours=20):
            return self.said("at %(time)s", time=self.clock(at))
        return self.said("on %(day)s, %(time)s", day=self.short_day(at), time=self.clock(at))

    def said(self, sentence: str, **values: str) -> str:
        """The sentence in the driver's language, with values in it."""
        return catalogue(self.locale.language).gettext(sentence) % values

    # ── causes and what to do about them ─────────────────────────

    def cause(self, finding: Finding, part: str = "name") -> str:
        """A cause by its `name`, or `what` it is, filled in with what was seen."""
        return self._by_id(f"cause.{finding.cause.id}.{part}", finding.verdict.values)

    def causes_named(self, identities: str) -> str:
        """What was in the way, out of the ids of causes with blanks between."""
        named = [self._by_id(f"cause.{one}.name", {}) for one in identities.split()]
        return str(self.listed([name for name in named if name])) or self.said("what was in the way")

    def reason(self, finding: Finding) -> str:
        """Why we think so; "" where there is nothing to add."""
        return self._by_id(f"reason.{finding.cause.id}.{finding.verdict.reason}", finding.verdict.values)

    def remedy(self, remedy: Remedy, part: str = "title") -> str:
        """What to do: its `title`, or how to `do` it."""
        return self._by_id(f"remedy.{remedy.value}.{part}", {})

    def question(self, question: Question, part: str = "ask") -> str:
        """The question itself, or `why` we ask."""
        return self._by_id(f"question.{question.value}.{part}", {})

    def answer(self, question: Question, answer: Answer) -> str:
        """An answer in the driver's words."""
        if answer is Answer.DONT_KNOW:
            return self.said("I don’t know")
        return self._by_id(f"answer.{question.value}.{answer.value}", {})

    def _by_id(self, identity: str, values: Mapping[str, str]) -> str:
        """Empty for what has no words, so that no id is ever read by a driver; a test finds those without words."""
        sentences = catalogue(self.locale.language)
        otherwise = f"{identity}.without_mail"
        if not self.sends_mail and sentences.gettext(otherwise) != otherwise:
            identity = otherwise
        found = sentences.gettext(identity)
        if found == identity:
            return ""
        return found % values if values else found

    def moment(self, text: str) -> datetime:
        """A moment that was kept as text."""
        return datetime.fromisoformat(text)

    def minutes(self, length: timedelta) -> str:
        return str(round(length / timedelta(minutes=1)))

    # ── money and energy ─────────────────────────────────────────

    def money(self, amount: Decimal | None) -> str:
        """€4.59, in the page's currency."""
        return "" if amount is None else format_currency(amount, self.currency, locale=self.locale).replace("-", MINUS)

    def large(self, amount: Decimal) -> str:
        """€68.68, but €147: set large, a hundred needs no cents."""
        if abs(amount) < LARGE:
            return self.money(amount)
        return format_currency(amount, self.currency, "¤#,##0", locale=self.locale, currency_digits=False)

    @property
    def minor(self) -> str:
        """ct: what prices of a kWh are told and typed in."""
        return self.minor_of(self.currency)

    def minor_of(self, currency: Currency) -> str:
        """The same of another currency than the page's."""
        return MINOR[currency]

    def dollars(self, micro_usd: int) -> str:
        """What Tesla bills, to a tenth of a cent where it is less than one."""
        amount = Decimal(micro_usd) / 1_000_000
        if amount and amount < Decimal("0.01"):
            return f"${format_decimal(amount, '0.000', locale=self.locale)}"
        return format_currency(amount, "USD", locale=self.locale).replace("US", "")

    def cents(self, micro_per_kwh: int, places: int = 0) -> str:
        """14 ct, or 15.9 ct."""
        rounded = (Decimal(micro_per_kwh) / MICRO_PER_CENT).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        shape = "0" if not places else f"0.{'0' * places}"
        number = format_decimal(rounded + 0, shape, locale=self.locale).replace("-", MINUS)
        return f"{number}{NO_BREAK}{self.minor}"

    def kwh(self, energy_wh: int) -> str:
        """31.1 kWh, and 354 kWh."""
        return f"{self.kwh_number(energy_wh)}{NO_BREAK}kWh"

    def kwh_number(self, energy_wh: int) -> str:
        """31.1, where it is said of what; a hundred needs no tenths."""
        kwh = Decimal(energy_wh) / 1000
        return format_decimal(kwh, "0.0" if kwh < LARGE else "#,##0", locale=self.locale)

    def grams(self, mass_mg: int) -> str:
        """420 g, and 1.4 kg, without its sign."""
        mass_g = (Decimal(abs(mass_mg)) / 1000).quantize(Decimal(1), ROUND_HALF_EVEN)
        if mass_g < A_KILOGRAM:
            return f"{mass_g}{NO_BREAK}g"
        return f"{format_decimal(mass_g / A_KILOGRAM, '0.0', locale=self.locale)}{NO_BREAK}kg"

    def kw(self, power_w: int) -> str:
        return f"{format_decimal(Decimal(power_w) / 1000, '0.0', locale=self.locale)}{NO_BREAK}kW"

    # ── names and lists ──────────────────────────────────────────

    def car(self, vin: Vin) -> str:
        """Model 3 …4F21, kept on one line. Never the whole VIN."""
        return f"{vin.model.replace(' ', NO_BREAK)}{NO_BREAK}…{WORD_JOINER}{vin.last_four}"

    def listed(self, parts: list[str] | list[Markup]) -> Markup:
        """a, b and c."""
        safe = [str(part) if isinstance(part, Markup) else str(Markup.escape(part)) for part in parts]
        return Markup(format_list(safe, locale=self.locale))  # noqa: S704  each part was escaped above


def in_units(cost_nano: int) -> Decimal:
    """Nano-units as units of the currency, exactly."""
    return Decimal(cost_nano) / NANO_PER_UNIT


def money(cost_nano: int | None) -> Decimal | None:
    """The same of a cost that may not be known."""
    return None if cost_nano is None else in_units(cost_nano)
