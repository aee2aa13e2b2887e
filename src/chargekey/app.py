"""The composition root: the one place that names concrete adapters and reads settings."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx2
import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.clock.turned import OffsetUnreadable, TurnedClock
from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.notify.smtp import SmtpMail
from chargekey.adapters.store.engine import DatabaseUnknown, open_engine
from chargekey.adapters.store.migrate import DatabaseTooNew, migrate
from chargekey.adapters.store.sealing import KeyRingUnreadable, key_ring
from chargekey.adapters.store.store import KeptSessions, KeptStore, Outbox
from chargekey.adapters.store.timers import TimerQueue
from chargekey.adapters.store.vault import KeptVault
from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.adapters.tariffs.by_kind import TariffsByKind
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.adapters.tesla.command_key import (
    CommandKeyMissing,
    CommandKeyUnreadable,
    load_command_key,
    make_command_key,
)
from chargekey.domain.secret import Secret
from chargekey.entrypoints.cli.commands import House, build
from chargekey.entrypoints.logs import set_up
from chargekey.entrypoints.worker.loop import Worker
from chargekey.journeys.check_operator import RegionChecked
from chargekey.settings import Settings, SettingsWrong, read_settings
