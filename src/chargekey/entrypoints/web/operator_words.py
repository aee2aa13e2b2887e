"""The operator's check in words: for the page, the command line and the mail alike.

Each line has a name, what was seen, and, where it is wrong, what to do.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from chargekey.domain.operator_check import Check, Line, State, wrong
from chargekey.domain.streaming_check import StreamingLine
from chargekey.entrypoints.web.words import Words
from chargekey.ports.notify import Mail


def said(sentence: str) -> str:
    """Marks a sentence for the catalogue; it is translated where it is used."""
    return sentence


NAMES: Final[Mapping[Check, str]] = {
    Check.DOMAIN: said("Domain"),
    Check.CERTIFICATE: said("Certificate"),
    Check.KEY_FILE: said("Key file"),
    Check.KEYS_ALIKE: said("Three copies alike"),
    Check.REGISTERED: said("Registered, %(region)s"),
    Check.APP: said("Client id and secret"),
    Check.LIMITS: said("Limits and payment"),
    Check.BUDGET: said("Budget at Tesla"),
    Check.WAY_BACK: said("Way back from sign-in"),
    Check.PERMISSIONS: said("Permissions in the portal"),
    Check.CLOCK: said("Clock"),
    Check.TESLA: said("Tesla, %(region)s"),
    Check.MAIL: said("Mail"),
    Check.DATABASE: said("Database"),
    Check.DISK: said("Disk"),
    Check.PRICES: said("Prices by the hour"),
    Check.CARBON: said("CO₂ by the hour"),
    Check.TELEMETRY: said("Telemetry host"),
    Check.STREAMING: said("Cars told to stream"),
}
OF_MARKET: Final = said("Prices by the hour, %(market)s")
STATES: Final[Mapping[State, str]] = {
    State.RIGHT: said("Right"),
    State.WRONG: said("Wrong"),
    State.NOT_PROVABLE: said("Not provable from here"),
    State.NOT_USED: said("Not used"),
    State.UNKNOWN: said("Not yet known"),
}
REGIONS: Final[Mapping[str, str]] = {
    "na": said("North America"),
    "eu": said("Europe"),
    "sign_in": said("sign-in"),
}
SAW: Final[Mapping[str, str]] = {
    "domain.has_address": said("It has an address."),
    "domain.no_address": said("It has no address that this machine could find."),
    "domain.not_from_here": said("This machine leaves its names to a proxy, or it is the demo."),
    "certificate.trusted": said("It is trusted, for %(number)s more days."),
    "certificate.not_trusted": said("Our domain shows a certificate that is not trusted, or not for this name."),
    "certificate.no_tls": said("What answers on our domain speaks no TLS."),
    "certificate.runs_out": said("It ends in %(number)s days, and should have been renewed by itself."),
    "certificate.not_shown": said("Nothing answered that could have shown it, or it is the demo."),
    "key_file.loads": said("It loads without a redirect, and it is a key."),
    "key_file.unreachable": said("Our address could not be reached from outside."),
    "key_file.missing": said("There is no key file at its address."),
    "key_file.moved": said("Its address leads somewhere else, and Tesla does not follow."),
    "key_file.not_a_key": said("What stands at its address is no P-256 key."),
    "key_file.as_a_page": said("It is our key, but it is served as a web page."),
    "keys_alike.all_alike": said("The hosted, the registered and the signing key are one."),
    "keys_alike.hosted_differs": said("The key file holds another key than the one we sign with."),
    "keys_alike.registered_differs": said("Tesla holds another key for our domain than the one we sign with."),
    "keys_alike.not_all_seen": said("Not every copy could be seen."),
    "registered.registered": said("Tesla holds a key for our domain there."),
    "registered.not_registered": said("Tesla does not know our domain there. Its drivers would read “not registered”."),
    "registered.key_or_domain_taken": said("Tesla refused: another app holds this key or this domain."),
    "registered.key_not_fetched": said("Tesla refused: it could not fetch our key file."),
    "registered.domain_not_allowed": said("Tesla refused: the domain is not among the app’s allowed origins."),
    "app.accepted": said("Tesla took them."),
    "app.secret_is_wrong": said("Tesla does not know this client id with this secret."),
    "app.not_said": said("Tesla did not answer that."),
    "limits.within": said("Tesla answers our app."),
    "limits.over_limit": said("Tesla refuses our app: over its limit, or not paid."),
    "limits.not_said": said("Tesla did not answer that."),
    "budget.within": said("%(number)s%% of what this month may cost is used."),
    "budget.nearly": said("%(number)s%% of what this month may cost is used: cars are looked at more rarely."),
    "budget.spent": said("Used up for this month. Cars that are not looked at any more: %(number)s."),
    "way_back.not_refused": said("Tesla’s page took it. Only a driver who came back proves it."),
    "way_back.not_listed": said("Tesla’s page refuses it: the portal does not list it."),
    "way_back.page_says_nothing": said("Tesla’s page told a program nothing. A driver who comes back proves it."),
    "permissions.only_drivers_show": said("Only drivers show it: none is known to be offered too little."),
    "permissions.nobody_was_given": said("Of those we ask for, %(number)s was given by nobody so far."),
    "clock.goes_right": said("Within a few seconds of Tesla’s."),
    "clock.ahead": said("%(number)s seconds ahead of Tesla’s."),
    "clock.behind": said("%(number)s seconds behind Tesla’s."),
    "tesla.answers": said("It answers."),
    "tesla.silent": said("It does not answer us."),
    "mail.open": said("The mail server takes our mail."),
    "mail.shut": said("The mail server does not take our mail. Nobody new can sign in."),
    "mail.none": said("No mail server is set. You hand out the links yourself: chargekey sign-in-link ADDRESS"),
    "mail.not_said": said("Not looked at yet."),
    "database.written": said("This check was written into it."),
    "database.nothing_written": said("Nothing was written into it lately."),
    "disk.enough": said("%(number)s GB are free where the data folder is."),
    "disk.little": said("Less than half a GB is free where the data folder is."),
    "prices.not_set": said("No source is set in CHARGEKEY_PRICES, so only the prices of 2023 and 2024 are known."),
    "prices.known": said("What is out is known."),
    "prices.not_out": said("The source answers, but has not published what should be out by now."),
    "prices.silent": said("The source does not answer, and what should be out by now is not known."),
    "prices.too_often": said("The source asks for patience, and what should be out by now is not known."),
    "prices.refused": said("The source refuses our question, and what should be out by now is not known."),
    "prices.puzzling": said("The source answers what we cannot read, and what should be out by now is not known."),
    "carbon.not_set": said("No source is set in CHARGEKEY_CARBON, so nobody tells how clean power is."),
    "carbon.known": said("How clean power will be is known."),
    "carbon.not_out": said("The source answers, but tells nothing of the hours ahead. Plans go by price alone."),
    "carbon.silent": said("The source does not answer. Until it does, plans go by price alone."),
    "carbon.too_often": said("The source asks for patience. Until it answers, plans go by price alone."),
    "carbon.refused": said("The source refuses our question: compare CHARGEKEY_CARBON, and its key if it has one."),
    "carbon.puzzling": said("The source answers what we cannot read. Plans go by price alone."),
    "telemetry.cars_are_asked": said("None is set: each car is asked, now and then, what it does."),
    "telemetry.cars_are_heard": said("Cars say by themselves what they do."),
    "telemetry.nothing_heard": said("One is set, but for a day no car has said anything. Each is asked instead."),
    "streaming.nobody_yet": said("No car was told yet: each is, once its key is proved and its plan is set."),
    "streaming.taken": said("Have taken it: %(which)s (%(number)s)."),
    "streaming.waits": said("Told, and it is taken when they are next online: %(which)s (%(number)s)."),
    "streaming.nothing": said("Are told again soon, for Tesla has nothing of ours: %(which)s (%(number)s)."),
    "streaming.rejected": said("Have seen it and do not go by it: %(which)s (%(number)s). %(trouble)s"),
    "streaming.in_trouble": said("Have taken it and say what is wrong: %(which)s (%(number)s). %(trouble)s"),
    "streaming.refused": said("Tesla refused what they were to be told: %(which)s (%(number)s). %(trouble)s"),
    "streaming.no_key": said("Tesla’s list has them without our key, so they are asked: %(which)s (%(number)s)."),
    "streaming.hardware": said("Are too old ever to stream, and are asked: %(which)s (%(number)s)."),
    "streaming.firmware": said("Need a newer firmware to stream, and are asked: %(which)s (%(number)s)."),
    "streaming.full": said("Stream to as many apps as a car can, and are asked: %(which)s (%(number)s)."),
    "streaming.not_his": said("Tesla does not let this driver’s account tell them: %(which)s (%(number)s)."),
    "not_looked": said("Not looked at yet."),
}
DO: Final[Mapping[str, str]] = {
    "domain": said("At whoever keeps your domain, point it to this machine or to the web server before it."),
    "certificate": said("Let the web server before Chargekey get one for the domain, and renew it by itself."),
    "key_file.as_a_page": said("Serve the file as application/x-pem-file, as Chargekey does."),
    "key_file": said(
        "Serve the public key at /.well-known/appspecific/com.tesla.3p.public-key.pem, with no redirect and no sign-in."
    ),
    "keys_alike": said("Put back the key that cars know, never a new one, and run: chargekey register"),
    "registered": said("Run: chargekey register"),
    "registered.key_or_domain_taken": said("Give this app a domain and a key of its own, or remove the other app."),
    "registered.key_not_fetched": said("Let Tesla’s servers through to the key file, then run: chargekey register"),
    "registered.domain_not_allowed": said(
        "Add the domain to the allowed origins at developer.tesla.com, then run: chargekey register"
    ),
    "app": said("Compare CHARGEKEY_TESLA_CLIENT_ID and its secret with the app at developer.tesla.com."),
    "limits": said("Look at the limit and the card under billing at developer.tesla.com."),
    "budget": said(
        "Raise CHARGEKEY_BUDGET_USD or CHARGEKEY_BUDGET_PER_CAR_USD and with it Tesla’s own limit, then restart. Or "
        "wait: it begins anew on the first of the month."
    ),
    "way_back": said("List the callback address, letter by letter, in the app at developer.tesla.com."),
    "permissions": said("Enable it in the app at developer.tesla.com. A change may take ten minutes."),
    "clock": said("Let the machine keep its time by the network."),
    "tesla": said("Mostly over by itself. If it lasts, look at this machine’s way out."),
    "disk": said("Make room before the database cannot be written."),
    "prices": said("Mostly over by itself: it is asked again by itself. Until then plans go by what is known."),
    "prices.refused": said("Compare CHARGEKEY_PRICES, and its key if it has one, with what the source offers."),
    "prices.puzzling": said("Look whether CHARGEKEY_PRICES_URL is the source’s own address, and not a page."),
    "streaming.rejected": said("Look whether the key that signs is the registered one, above, and on these cars."),
    "streaming.in_trouble": said(
        "See that CHARGEKEY_TELEMETRY_CA is who signed the server’s certificate, and that TLS ends at it."
    ),
    "streaming.refused": said("Compare CHARGEKEY_TELEMETRY_HOST with the domain that is registered at Tesla."),
    "mail": said("Look at CHARGEKEY_SMTP_HOST, its port, user and password, and at CHARGEKEY_SMTP_TLS."),
}


def name_of(words: Words, line: Line) -> str:
    region = words.said(REGIONS.get(line.region or "", line.region or ""))
    return words.said(OF_MARKET if line.market else NAMES[line.check], region=region, market=line.market)


def state_of(words: Words, line: Line) -> str:
    return words.said(STATES[line.state])


def saw_of(words: Words, line: Line) -> str:
    number = "" if line.number is None else str(line.number)
    sentence = SAW.get(f"{line.check.value}.{line.saw}") or SAW[line.saw]
    more = {"which": line.which, "trouble": line.trouble} if isinstance(line, StreamingLine) else {}
    return words.said(sentence, number=number, **more).rstrip()


def to_do(words: Words, line: Line) -> str:
    """What to do about a wrong line; "" for any other."""
    if line.state is not State.WRONG:
        return ""
    return words.said(DO.get(f"{line.check.value}.{line.saw}") or DO[line.check.value])


class OperatorLetters:
    """`ports.wording.OperatorWording`, in the service's own language and zone."""

    def __init__(self, words: Words, base_url: str) -> None:
        self._words, self._base_url = words, base_url

    def our_side(self, to: str, lines: Sequence[Line]) -> Mail:
        words, page = self._words, f"{self._base_url}/operator"
        found = wrong(lines)
        if not found:
            text = words.said("All that was wrong is right again. Drivers go on.\n\n%(page)s\n", page=page)
            return Mail(to, words.said("Our side is right again"), text)
        listed = "\n\n".join(f"{name_of(words, line)}: {saw_of(words, line)}\n{to_do(words, line)}" for line in found)
        text = words.said(
            "We looked at our side as Tesla sees it. This is not right:\n\n%(listed)s\n\nNobody is sent to a step "
            "that cannot work. What we see by now:\n\n%(page)s\n",
            listed=listed,
            page=page,
        )
        return Mail(to, words.said("Our side is not right: %(name)s", name=name_of(words, found[0])), text)


def printed(words: Words, lines: Sequence[Line]) -> list[str]:
    """For the command line: one line each, and below a wrong one what to do."""
    made = []
    for line in lines:
        made.append(f"{state_of(words, line)}: {name_of(words, line)}. {saw_of(words, line)}")
        if do := to_do(words, line):
            made.append(f"    {do}")
    return made
