"""A driver's browser for programs that open one: signs in at Tesla's page, allows all, and follows the way back.

python -m tests.peers.browser ADDRESS      (as $BROWSER; through the proxy, by the variables)
"""

import ssl
import sys
from urllib.parse import urljoin

import httpx2

from tests.peers.tesla import EMAIL, SCOPES


def goes_through(address: str, follow_back: bool = True) -> str:
    """Returns the address that Tesla sends back to; with `follow_back` it has been opened, too."""
    with httpx2.Client(verify=ssl.create_default_context(), timeout=30) as web:
        answer = web.get(address)
        assert answer.status_code == 200, answer.text
        answer = web.post(address, data={"email": EMAIL, "password": "any", "answer": "sign_in"})
        onward = urljoin(address, answer.headers["location"])
        if "/oauth2/v3/consent" in onward:
            answer = web.post(onward, data={"scope": list(SCOPES), "answer": "allow"})
            onward = answer.headers["location"]
    if follow_back:
        httpx2.get(onward, trust_env=False).raise_for_status()
    return onward


if __name__ == "__main__":
    goes_through(sys.argv[1])
