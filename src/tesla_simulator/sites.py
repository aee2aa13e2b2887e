"""Where each of Tesla's sites is found: under its own host name, or under a path on localhost."""

from dataclasses import dataclass
from typing import Final

REGIONS: Final = ("na", "eu")
"""Where accounts live."""
CHINA: Final = "cn"
"""Answers as a region does in which no app is registered; nobody lives there in this simulation."""
HOSTS: Final = {
    "/auth": ("auth.tesla.com", "auth.tesla.cn"),
    "/fleet-auth": ("fleet-auth.prd.vn.cloud.tesla.com",),
    "/na": ("fleet-api.prd.na.vn.cloud.tesla.com",),
    "/eu": ("fleet-api.prd.eu.vn.cloud.tesla.com",),
    "/cn": ("fleet-api.prd.cn.vn.cloud.tesla.cn", "fleet-api.prd.cn.vn.cloud.tesla.com"),
    "/tesla": ("tesla.com", "www.tesla.com", "www.tesla.cn"),
}


@dataclass(frozen=True)
class Sites:
    """`public_url` is where the simulator answers, such as http://localhost:8701; None: under Tesla's names."""

    public_url: str | None = None

    def address(self, prefix: str) -> str:
        if self.public_url is None:
            return f"https://{HOSTS[prefix][0]}"
        return self.public_url.rstrip("/") + prefix

    def from_a_page(self, prefix: str) -> str:
        """For links on a page: by the path alone where all sites share one address, by whatever name it was opened."""
        return self.address(prefix) if self.public_url is None else prefix

    def fleet_api(self, region: str) -> str:
        return self.address(f"/{region}")

    @property
    def auth(self) -> str:
        return self.address("/auth")

    @property
    def fleet_auth(self) -> str:
        return self.address("/fleet-auth")

    @property
    def audiences(self) -> list[str]:
        """What an access token is good for."""
        return [*(self.fleet_api(region) for region in REGIONS), f"{self.auth}/oauth2/v3/userinfo"]
