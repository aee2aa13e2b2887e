"""The journeys, put together with their adapters: the half of the composition root that names them."""

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.notify.no_mail import NoMail
from chargekey.adapters.notify.smtp import SmtpMail
from chargekey.adapters.passkeys.web_authn import WebAuthn
from chargekey.adapters.push.push_key import push_key
from chargekey.adapters.push.web_push import WebPush
from chargekey.adapters.store.push_devices import KeptDevices
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.support_cases import RingEnvelope
from chargekey.adapters.store.upkeep import KeptUpkeep
from chargekey.adapters.tesla.registration import PartnerRegistration
from chargekey.carbon_sources import CarbonKnown, carbon_of
from chargekey.domain.hand_off import stops_link
from chargekey.domain.secret import Secret
from chargekey.entrypoints.web.notice_mails import NoticeMails
from chargekey.entrypoints.web.operator_words import OperatorLetters
from chargekey.entrypoints.web.owner_letters import OwnerLetters
from chargekey.entrypoints.web.support_letters import SupportLetters
from chargekey.entrypoints.web.words import PLACES, Words
from chargekey.ground import Ground, Tesla, tesla_of
from chargekey.journeys.answer_hand_off import AnswerHandOff
from chargekey.journeys.answer_support import AnswerSupport
from chargekey.journeys.book_nights import BookNights
from chargekey.journeys.call_agents import CallAgents
from chargekey.journeys.case_file import CaseFiles
from chargekey.journeys.check_operator import CheckOperator, OurApp
from chargekey.journeys.choose_account import ChooseAccount
from chargekey.journeys.choose_vehicle import ChooseVehicle
from chargekey.journeys.clear_car import ClearCar
from chargekey.journeys.close_doors import CloseDoors
from chargekey.journeys.come_back import ComeBack
from chargekey.journeys.connect_account import ConnectAccount
from chargekey.journeys.disconnect import Disconnect
from chargekey.journeys.fetch_carbon import FetchCarbon
from chargekey.journeys.fetch_prices import FetchPrices
from chargekey.journeys.get_support import GetSupport
from chargekey.journeys.give_data import GiveData
from chargekey.journeys.hand_off_to_owner import HandOffToOwner
from chargekey.journeys.hear_surplus import HearSurplus
from chargekey.journeys.keep_home import KeepHome
from chargekey.journeys.keep_passkeys import KeepPasskeys
from chargekey.journeys.keep_to_budget import KeepToBudget
from chargekey.journeys.listen import Listen
from chargekey.journeys.look_after_home import LookAfterHome
from chargekey.journeys.look_at_car import LookAtCar
from chargekey.journeys.look_round import LookRound
from chargekey.journeys.pair_vehicle import PairVehicle
from chargekey.journeys.plan_charge import PlanCharge
from chargekey.journeys.run_charge import RunCharge
from chargekey.journeys.send_command import SendCommand
from chargekey.journeys.set_days_apart import SetDaysApart
from chargekey.journeys.set_surplus import SetSurplus
from chargekey.journeys.show_charging import ShowCharging
from chargekey.journeys.show_learnt import ShowLearnt
from chargekey.journeys.sign_in import SignIn
from chargekey.journeys.sign_in_with_passkey import SignInWithPasskey
from chargekey.journeys.standing import Standings
from chargekey.journeys.stay_connected import StayConnected
from chargekey.journeys.support_bundle import SupportBundles
from chargekey.journeys.teach_car import TeachCar
from chargekey.journeys.tell_devices import TellDevices
from chargekey.journeys.tell_of_owner import TellOfOwner
from chargekey.journeys.tell_once import HoldsBack, TellOnce
from chargekey.journeys.tell_to_stream import TellToStream
from chargekey.journeys.troubleshoot import Troubleshoot
from chargekey.journeys.try_plain import TryPlain
from chargekey.journeys.wait_out import WaitOut
from chargekey.journeys.watch_tesla import WatchTesla
from chargekey.ports.carbon import CarbonIntensity
from chargekey.ports.notify import Notify
from chargekey.ports.tariffs import Tariffs
from chargekey.price_sources import Pricing, pricing_of
from chargekey.settings import Settings
from chargekey.telemetry_sources import stream_of

VERSION: Final = "0.1.0"
"""The same as in pyproject.toml: the demo runs from the checkout, where nothing is installed that could say it."""


@dataclass(frozen=True, slots=True)
class Journeys:
    """All that entrypoints may ask."""

    sign_in: SignIn
    sign_in_with_passkey: SignInWithPasskey
    keep_passkeys: KeepPasskeys
    standings: Standings
    connect_account: ConnectAccount
    choose_account: ChooseAccount
    choose_vehicle: ChooseVehicle
    pair_vehicle: PairVehicle
    hand_off_to_owner: HandOffToOwner
    answer_hand_off: AnswerHandOff
    tell_of_owner: TellOfOwner
    clear_car: ClearCar
    disconnect: Disconnect
    set_days_apart: SetDaysApart
    set_surplus: SetSurplus
    hear_surplus: HearSurplus
    troubleshoot: Troubleshoot
    wait_out: WaitOut
    plan_charge: PlanCharge
    run_charge: RunCharge
    listen: Listen
    tell_to_stream: TellToStream
    show_charging: ShowCharging
    show_learnt: ShowLearnt
    book_nights: BookNights
    fetch_prices: FetchPrices
    fetch_carbon: FetchCarbon
    keep_home: KeepHome
    keep_to_budget: KeepToBudget
    give_data: GiveData
    check_operator: CheckOperator
    close_doors: CloseDoors
    watch_tesla: WatchTesla
    stay_connected: StayConnected
    tell_once: TellOnce
    tell_devices: TellDevices
    get_support: GetSupport
    answer_support: AnswerSupport
    call_agents: CallAgents
    look_after: LookAfterHome
    come_back: ComeBack


def compose_journeys(ground: Ground) -> Journeys:
    """Every journey with the adapters it asks."""
    settings, clock, store, bus, tesla = ground.settings, ground.clock, ground.store, ground.bus, tesla_of(ground)
    (pricing, carbon), look = _known(ground), LookAtCar(clock, tesla.vehicles, tesla.homes)
    planner, budget, run_charge, show_charging = _charging(ground, tesla, look, pricing.tariffs, carbon.intensity)
    doors, watch, stay, streaming = _watching(ground, tesla)
    troubleshoot, wait_out, get_support, answer_support, call_agents = _stuck(ground, tesla, watch)
    return Journeys(
        *_ways_in(ground, tesla.ring),
        *_consent(ground, tesla, budget),
        *_owners(ground, tesla),
        *_leaving(ground, tesla, streaming),
        set_days_apart=SetDaysApart(store, clock, bus),
        set_surplus=SetSurplus(store, clock, bus),
        hear_surplus=HearSurplus(store, clock, bus),
        troubleshoot=troubleshoot,
        wait_out=wait_out,
        plan_charge=planner,
        run_charge=run_charge,
        listen=Listen(store, clock, bus, look),
        tell_to_stream=streaming,
        show_charging=show_charging,
        show_learnt=ShowLearnt(store, clock),
        book_nights=BookNights(store, clock, bus, pricing.tariffs, carbon.intensity),
        fetch_prices=pricing.fetch,
        fetch_carbon=carbon.fetch,
        keep_to_budget=budget,
        keep_home=KeepHome(store, clock, bus, tesla.vehicles, look, tesla.homes),
        give_data=GiveData(store, clock, tesla.homes, RingEnvelope(tesla.ring), ShowLearnt(store, clock)),
        check_operator=_own_side(ground, tesla, doors, budget, (pricing.fetch, carbon.fetch)),
        close_doors=doors,
        watch_tesla=watch,
        stay_connected=stay,
        tell_once=TellOnce(store, clock, ground.notify, NoticeMails(settings.base_url, settings.zone), stay.holds_back),
        tell_devices=_devices(ground, tesla.ring, stay.holds_back),
        get_support=get_support,
        answer_support=answer_support,
        call_agents=call_agents,
        look_after=LookAfterHome(upkeep_of(settings, ground.engine), clock),
        come_back=ComeBack(store, clock, tesla.vault, stay.notice),
    )


def _known(ground: Ground) -> tuple[Pricing, CarbonKnown]:
    """What power costs, and how clean it is."""
    asks = (ground.settings, ground.store, ground.clock, ground.http)
    return pricing_of(*asks), carbon_of(*asks)


def _ways_in(ground: Ground, ring: KeyRing) -> tuple[SignIn, SignInWithPasskey, KeepPasskeys, Standings]:
    """By mail and by passkey, to where a driver stands; where from is kept as a keyed fingerprint only."""
    settings, store, clock = ground.settings, ground.store, ground.clock
    proofs, base_url = WebAuthn(settings.base_url, settings.operator_name), settings.base_url
    return (
        SignIn(
            store,
            clock,
            ground.notify,
            lambda token: f"{base_url}/sign-in/{token.reveal()}",
            lambda network: ring.fingerprint(network, "sign_in_link.asked_from"),
        ),
        SignInWithPasskey(store, clock, proofs, lambda one: ring.fingerprint(one, "passkey_refusal.asked_from")),
        KeepPasskeys(store, clock, proofs),
        Standings(store),
    )


def _devices(ground: Ground, ring: KeyRing, holds_back: HoldsBack) -> TellDevices:
    """Drivers' own devices, through the vendors of their browsers; in the demo through the simulated one alone."""
    settings = ground.settings
    key = push_key(settings.push_key, f"mailto:{settings.sender}")
    return TellDevices(
        ground.store,
        ground.clock,
        KeptDevices(ground.engine, ring),
        WebPush(ground.http, ground.clock, key, settings.push_hosts, settings.simulated_push),
        NoticeMails(settings.base_url, settings.zone),
        holds_back,
    )


def _consent(
    ground: Ground, tesla: Tesla, budget: KeepToBudget
) -> tuple[ConnectAccount, ChooseAccount, ChooseVehicle, PairVehicle]:
    """The way to Tesla and back; the first region is asked where a token does not hint at another.

    Then which account it is, if there are two, which of its cars, and our key on that.
    """
    regions, on = ground.settings.tesla_regions, (ground.store, ground.clock, ground.bus)
    first = next(iter(regions.values()))
    return (
        ConnectAccount(*on, tesla.oauth, tesla.vehicles, tesla.vault, first, regions),
        ChooseAccount(*on, tesla.vehicles),
        ChooseVehicle(*on, tesla.vehicles),
        PairVehicle(*on, tesla.vehicles, tesla.signed, tesla.link, budget),
    )


def _leaving(ground: Ground, tesla: Tesla, streaming: TellToStream) -> tuple[ClearCar, Disconnect]:
    """The way out, on which a car is rid of what we put into it."""
    store, clock = ground.store, ground.clock
    clear = ClearCar(store, clock, tesla.vehicles, tesla.signed)
    return clear, Disconnect(
        store, clock, ground.bus, tesla.vault, tesla.vehicles, clear, streaming, tesla.oauth.revoke_url
    )


def _owners(ground: Ground, tesla: Tesla) -> tuple[HandOffToOwner, AnswerHandOff, TellOfOwner]:
    """What is asked of a car's owner, and what came of it."""
    settings, clock, store, bus = ground.settings, ground.clock, ground.store, ground.bus
    letters = OwnerLetters(settings.base_url, settings.zone)
    return (
        HandOffToOwner(store, clock, bus),
        AnswerHandOff(store, clock, bus, tesla.oauth, tesla.link, stops_link),
        TellOfOwner(store, clock, ground.notify, letters.came_of_it),
    )


def _charging(
    ground: Ground, tesla: Tesla, look: LookAtCar, tariffs: Tariffs, carbon: CarbonIntensity
) -> tuple[PlanCharge, KeepToBudget, RunCharge, ShowCharging]:
    """The nights, with the only room that sends, and what it may cost."""
    store, clock = ground.store, ground.clock
    planner = PlanCharge(store, clock, ground.bus, tariffs, carbon)
    sender = SendCommand(store, clock, tesla.vehicles, tesla.signed)
    on_the_way = (store, clock, ground.bus, tesla.vehicles, look, sender)
    budget = KeepToBudget(store, clock, ground.settings.budgets)
    run = RunCharge(*on_the_way, planner, TryPlain(*on_the_way), budget, TeachCar(clock, tesla.homes, sender))
    return planner, budget, run, ShowCharging(store, clock, tariffs, budget, carbon)


def _watching(ground: Ground, tesla: Tesla) -> tuple[CloseDoors, WatchTesla, StayConnected, TellToStream]:
    """Our own doors, Tesla's health, what drivers may lose, and what cars are told to say by themselves."""
    on, regions = (ground.store, ground.clock, ground.bus), ground.settings.tesla_regions
    watch = WatchTesla(*on, tesla.vehicles, regions)
    streaming = TellToStream(ground.store, ground.clock, tesla.telemetry, stream_of(ground.settings))
    return CloseDoors(*on, regions), watch, StayConnected(*on, tesla.vehicles, watch), streaming


def _own_side(
    ground: Ground, tesla: Tesla, doors: CloseDoors, budget: KeepToBudget, fetched: tuple[FetchPrices, FetchCarbon]
) -> CheckOperator:
    """The operator's own look at our side."""
    settings, regions = ground.settings, ground.settings.tesla_regions
    return CheckOperator(
        ground.store,
        ground.clock,
        PartnerRegistration(ground.http, tesla.oauth, regions, SystemClock(), ground.record, tesla.patience),
        tesla.eye,
        ground.notify,
        OperatorLetters(Words(PLACES[0], settings.zone), settings.base_url),
        doors,
        upkeep_of(settings, ground.engine),
        budget,
        *fetched,
        OurApp(
            settings.key_domain,
            tuple(regions),
            ground.key.public_hex,
            settings.staff.operators,
            settings.hears_cars,
            bool(settings.telemetry_host),
        ),
    )


def _stuck(
    ground: Ground, tesla: Tesla, watch: WatchTesla
) -> tuple[Troubleshoot, WaitOut, GetSupport, AnswerSupport, CallAgents]:
    """What helps a driver who cannot go on: looks and questions, waiting, and people."""
    on, regions = (ground.store, ground.clock, ground.bus), ground.settings.tesla_regions
    files = CaseFiles(ground.store, ground.clock, regions, watch.health, ground.key.fingerprint)
    rounds = LookRound(ground.store, ground.clock, tesla.vehicles, tesla.eye)
    wait_out = WaitOut(*on, files, rounds)
    troubleshoot = Troubleshoot(*on, files, rounds, wait_out)
    return troubleshoot, wait_out, *_support(ground, tesla.ring, files, troubleshoot)


def _support(
    ground: Ground, ring: KeyRing, files: CaseFiles, troubleshoot: Troubleshoot
) -> tuple[GetSupport, AnswerSupport, CallAgents]:
    """The driver who writes to us, and the agents who answer."""
    settings, on = ground.settings, (ground.store, ground.clock, ground.bus)
    bundles, envelope = SupportBundles(ground.store, files, version_of(settings)), RingEnvelope(ring)
    letters = SupportLetters(settings.base_url, settings.zone)
    return (
        GetSupport(*on, bundles, envelope, ground.notify, letters.answer),
        AnswerSupport(*on, bundles, envelope, troubleshoot),
        CallAgents(ground.store, ground.clock, ground.notify, letters.to_agent, settings.staff.agents),
    )


def upkeep_of(settings: Settings, engine: AsyncEngine) -> KeptUpkeep:
    return KeptUpkeep(engine, settings.data_dir, [file.name for file in settings.key_files], settings.backups)


def version_of(settings: Settings) -> str:
    """Ours, and eight figures by which two ways to set it up are told apart. Passwords print masked, so none is in."""
    fingerprint = hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:8]
    return f"{VERSION} {fingerprint}"


def mail_of(settings: Settings) -> Notify:
    if not settings.smtp_host:
        return NoMail()
    password = Secret(settings.smtp_password.get_secret_value()) if settings.smtp_user else None
    return SmtpMail(
        settings.smtp_host,
        settings.smtp_port,
        settings.mail_privacy,
        settings.sender,
        settings.smtp_user or None,
        password,
    )
