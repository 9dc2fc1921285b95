"""What the public pages need of the host: which plugins are on, and their reads and transactions."""

from collections.abc import Sequence
from typing import Protocol

from starlette.requests import HTTPConnection

from dispatch.plugins.contract import Plugin
from dispatch.plugins.work import Workshop


class SiteHost(Protocol):
    """Found at `app.state.plugin_host` while the server runs."""

    def enabled(self) -> Sequence[Plugin]:
        """The plugins that are on now, in the order of their names."""

    def workshop(self, name: str) -> Workshop:
        """Reads and transactions of the plugin `name`, for nobody in particular."""


def host_of(request: HTTPConnection) -> SiteHost:
    """The host of the running centre."""
    host: SiteHost = request.app.state.plugin_host
    return host


def public_prefix(plugin: Plugin) -> str:
    """Where its public pages lie: '/serbu-gass'."""
    return "/" + plugin.name.replace("_", "-")
