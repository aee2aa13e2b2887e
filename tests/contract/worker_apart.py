"""Chargekey's worker as a process of its own, on the demo's settings: `python -m tests.contract.worker_apart`.

`chargekey worker` refuses the demo, whose clock is turned within one process; here nobody turns it.
"""

import asyncio

from chargekey.serving import Part, compose, work
from chargekey.settings import read_settings

if __name__ == "__main__":
    asyncio.run(work(compose(read_settings(), Part.WORKER)))
