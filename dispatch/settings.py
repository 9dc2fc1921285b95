"""Settings: one typed class, from the environment (SIAGA_…) and a TOML file (SIAGA_CONFIG), environment first.

Built in create_app or the command, never at import. A wrong value stops the start with a sentence that names it.
"""

import os
import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from dispatch.words import Priority
from telephony.reach import CALLBACKS, DESKS, Reach


class SettingsError(Exception):
    """A setting is wrong; the text is a sentence for the operator that names it."""


class Contact(BaseModel):
    """Somebody outside of the centre whom calls may be handed to, or who may join them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str = Field(pattern=r"^\+?\d{2,20}$")
    name: str = Field(min_length=1, max_length=80)
    kind: Literal["agency", "centre", "interpreter"] = "agency"


class ByPriority(BaseModel):
    """Seconds by priority; one number stands for all five."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    P1: float = Field(ge=1, le=86_400)
    P2: float = Field(ge=1, le=86_400)
    P3: float = Field(ge=1, le=86_400)
    P4: float = Field(ge=1, le=86_400)
    P5: float = Field(ge=1, le=86_400)

    @model_validator(mode="before")
    @classmethod
    def _same_for_all(cls, value: object) -> object:
        if isinstance(value, int | float):
            return dict.fromkeys(Priority, value)
        return value

    def of(self, priority: Priority) -> float:
        return float(getattr(self, priority.value))


def _by_priority(p1: float, p2: float, p3: float, p4: float, p5: float) -> ByPriority:
    return ByPriority(P1=p1, P2=p2, P3=p3, P4=p4, P5=p5)


DIRECTORY = (
    Contact(number="110", name="Polri"),
    Contact(number="113", name="Pemadam Kebakaran"),
    Contact(number="115", name="Basarnas"),
    Contact(number="119", name="PSC 119"),
    Contact(number="123", name="PLN"),
)
"""The national numbers of the services; a centre writes its own in their place."""

CONTEXT = r"^[A-Za-z0-9_-]{1,79}$"
"""Of a dialplan's context."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SIAGA_", env_ignore_empty=True, extra="forbid", frozen=True)

    centre_name: str = "Siaga 112 Penajam Paser Utara"
    data_dir: Path = Path("var")
    """Where the embedded database, the telephony spool and generated keys live."""
    database_url: str = ""
    """Empty: SQLite in data_dir. Else sqlite+aiosqlite:///FILE or postgresql+asyncpg://…"""
    redis_url: str | None = None
    """Needed with several workers; None: the bus stays in the process."""
    host: str = "127.0.0.1"
    port: int = Field(8112, ge=0, le=65535)
    public_url: str | None = None
    """The address in users' browsers, e.g. https://112.example.go.id; None: the request's own host is trusted."""
    trusted_proxies: str | None = None
    """Addresses, with commas between, whose X-Forwarded-For and -Proto are believed; None: nobody's. Without it all who
    come through a proxy count as one address, also for the limit on public forms."""
    demo: bool = False
    """A simulated PBX and city, demo accounts with one-click sign-in. Never in production."""
    demo_seed: int = 112

    pbx: str = Field("main", min_length=1, max_length=64)
    ami_host: str | None = None
    """None: no PBX in this process."""
    ami_port: int = Field(5038, ge=1, le=65535)
    ami_username: str = "siaga"
    ami_secret: SecretStr | None = None
    ami_secret_file: Path | None = None
    ami_caller_published: bool = False
    """True when the dialplan's first step for a caller is UserEvent(SiagaCaller,Presentation: ${CALLERID(num-pres)}):
    only so can a screen say that a number is withheld. A call is then told with its second event, not its first."""
    ami_tls: bool = False
    """The AMI over TLS (manager.conf: tlsenable)."""
    ami_tls_ca_file: Path | None = None
    """Authorities in PEM that vouch for the PBX's certificate; None: those of the system."""
    ami_tls_verify: bool = True
    """False keeps listeners out, not impostors: use it only until the PBX has a certificate."""
    ami_tls_name: str | None = None
    """The name in the certificate, where it is not ami_host."""
    ami_desk_interface: str = "PJSIP/{desk}"
    """A desk's device; {desk} is its number."""
    ami_desks_context: str = Field("from-agents", pattern=CONTEXT)
    """Context of the dialplan in which desks dial, and to which callers go who are handed on."""
    ami_callback_context: str = Field("callback", pattern=CONTEXT)
    ami_conference_context: str = Field("siaga-conference", pattern=CONTEXT)
    """Of the citizen; those who help are in the same with '-helper' behind it (docs/operator.md)."""
    desk_queues: str = "psap-112"
    """Queues into which a desk signs in, with commas between."""
    desk_numbers: str = DESKS
    """Pattern of the centre's own desks: whom a supervisor may listen to and calls may be handed to."""
    callback_numbers: str = CALLBACKS
    """Pattern of the citizens' numbers that may be called back; 0809 costs by the minute and is left out."""
    directory: tuple[Contact, ...] = DIRECTORY
    """Whom calls may be handed to besides desks, and who may join them."""
    wrap_up_s: float = Field(30, ge=0, le=900)
    """After a call a desk where somebody sits takes none for this long, unless it is ready before; 0: not at all."""
    pause_after_missed_ring: bool = True
    """A desk that let a call ring is paused, so that the next caller does not wait there too; never the last one."""
    core_url: str = "http://127.0.0.1:8112"
    """Where `siaga telephony` hands its facts over."""
    ingest_token: SecretStr | None = None
    """Shared by the core and `siaga telephony`; without it the ingest endpoint is closed. At least 24 characters."""

    offer_timeout_s: float = Field(60, ge=1, le=3600)
    """How long a crew has to accept."""
    offer_next: bool = True
    """After a decline or expiry offer the next best unit at once, besides the alarm."""
    undispatched_after_s: ByPriority = _by_priority(60, 90, 180, 600, 1800)
    """Alarm when an open incident has no unit after this (NFPA 1225-2022 asks for processing within 60 s, 90%). This
    and the three that follow are by priority, as JSON, or one number for all; each tells the call-taker after its
    time, the dispatcher after twice, the supervisor after three times."""
    untriaged_after_s: ByPriority = _by_priority(120, 120, 180, 300, 600)
    """Alarm when the questions of an open incident were not asked to the end."""
    not_en_route_after_s: ByPriority = _by_priority(90, 120, 180, 600, 1800)
    """Alarm when a crew accepted and has not left (NFPA 1710-2020: turnout 60 to 80 s)."""
    no_report_after_s: ByPriority = _by_priority(900, 1200, 1800, 3600, 7200)
    """Alarm when a crew under way or on the scene reported no new status."""
    snooze_most_min: int = Field(30, ge=1, le=240)
    """Longest time for which an alarm may be put off."""
    unanswered_after_s: float = Field(20, ge=1, le=600)
    """Alarm when a call waits longer (NENA-STA-020.1-2020: 95% within 20 s)."""
    reputation_half_life_days: float = Field(30, gt=0, le=3650)
    """After this time an earlier call of a number counts half in the advice at the screen pop."""
    silent_listen_s: float = Field(8, ge=0, le=120)
    """How long a silent caller is listened to after being asked to press a key."""
    undo_dispose_s: float = Field(900, ge=0, le=86_400)
    """How long a call-taker may undo the closing of a call; a supervisor always may."""
    callback_attempts: int = Field(3, ge=1, le=20)
    """Before a caller who gave up may be closed as not reached without a reason."""
    callback_claim_s: float = Field(600, ge=10, le=86_400)
    """How long a call back that somebody claimed is kept from others."""
    divert_most_h: float = Field(168, ge=1, le=2160)
    """Longest time for which a number is diverted to the low-priority queue."""
    block_most_h: float = Field(24, ge=1, le=720)
    """Longest time for which a number is blocked."""
    flood_over_seats: int = Field(3, ge=1, le=1000)
    """So many more calls waiting than seats is a flood: banner, groups, one-key 'already reported'."""
    flood_window_s: float = Field(600, ge=60, le=86_400)
    """The time over which rates per trunk and number are counted."""
    big_incident_calls: int = Field(3, ge=2, le=1000)
    """An open incident that so many calls report gathers the callers who wait about it."""
    near_incident_m: float = Field(1500, ge=50, le=50_000)
    """A waiting number that was last known so near to a big incident is likely about it."""

    routing_url: str | None = Field(None, pattern=r"^https?://")
    """A Valhalla or OSRM server; None: travel times come from the road graph in data_dir (`siaga routing build`)."""
    routing_kind: Literal["valhalla", "osrm"] = "valhalla"
    routing_timeout_s: float = Field(1.5, gt=0, le=10)
    """A dispatcher waits no longer for the server; then the road graph or the straight line answers."""

    nominatim_url: str | None = Field(None, pattern=r"^https?://")
    photon_url: str | None = Field(None, pattern=r"^https?://")
    pelias_url: str | None = Field(None, pattern=r"^https?://")
    """Geocoders that are asked besides the own gazetteer; None: not asked. Callers' words go there, so run your own."""
    geocoder_timeout_s: float = Field(2, gt=0, le=10)

    session_hours: float = Field(12, gt=0, le=168)
    lockout_attempts: int = Field(5, ge=2, le=100)
    lockout_minutes: float = Field(15, gt=0, le=1440)
    vapid_subject: str = "mailto:admin@localhost"

    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _check_together(self) -> "Settings":
        if self.ingest_token is not None and len(self.ingest_token.get_secret_value()) < 24:
            raise ValueError("ingest_token: must have at least 24 characters")
        if self.ami_secret is not None and self.ami_secret_file is not None:
            raise ValueError("ami_secret: give it or ami_secret_file, not both")
        if self.ami_host is not None and self.ami_secret is None and self.ami_secret_file is None:
            raise ValueError("ami_secret: missing, though ami_host names a PBX")
        return self

    @field_validator("desk_numbers", "callback_numbers")
    @classmethod
    def _check_pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"is no regular expression ({error})") from error
        return pattern

    @property
    def queues(self) -> tuple[str, ...]:
        """`desk_queues` one by one."""
        return tuple(queue.strip() for queue in self.desk_queues.split(",") if queue.strip())

    @property
    def reach(self) -> Reach:
        """Whom the PBX may be told to call."""
        numbers = frozenset(contact.number for contact in self.directory)
        return Reach(self.desk_numbers, numbers, self.callback_numbers)

    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'siaga.db'}"

    def read_ami_secret(self) -> str:
        """Raises SettingsError when the file cannot be read."""
        if self.ami_secret is not None:
            return self.ami_secret.get_secret_value()
        if self.ami_secret_file is None:
            raise SettingsError("SIAGA_AMI_SECRET: missing.")
        try:
            return self.ami_secret_file.read_text().strip()
        except OSError as error:
            raise SettingsError(
                f"SIAGA_AMI_SECRET_FILE: {self.ami_secret_file} cannot be read ({error.strerror})."
            ) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = os.environ.get("SIAGA_CONFIG")
        if file is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)


def load_settings(**overrides: object) -> Settings:
    """Read the settings. Raises SettingsError with one sentence a fault, each naming the variable."""
    file = os.environ.get("SIAGA_CONFIG")
    if file is not None and not Path(file).is_file():
        raise SettingsError(f"SIAGA_CONFIG: there is no file {file}.")
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith("SIAGA_") and name != "SIAGA_CONFIG" and name[6:].lower() not in Settings.model_fields
    )
    if unknown:
        raise SettingsError(f"{unknown[0]}: no such setting.")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic validates what comes from outside
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(fault["loc"], fault["msg"]) for fault in error.errors())) from error
    except ValueError as error:
        raise SettingsError(f"SIAGA_CONFIG: {file} is not valid TOML ({error}).") from error


def _sentence(loc: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not loc:
        field, _, message = message.partition(": ")
        return f"SIAGA_{field.upper()}: {message}."
    return f"SIAGA_{str(loc[0]).upper()}: {message}."
