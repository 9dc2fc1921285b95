"""Which language a visitor gets: what the address says, else what was chosen before, else what the browser asks for."""

from starlette.requests import Request

from dispatch.plugins.fields import Lang

LANG_COOKIE = "siaga_lang"
KEPT_S = 365 * 86400


def language_of(request: Request) -> Lang:
    """Indonesian unless something says English."""
    for said in (request.query_params.get("lang"), request.cookies.get(LANG_COOKIE)):
        if said == "id":
            return "id"
        if said == "en":
            return "en"
    return preferred(request.headers.get("accept-language", ""))


def preferred(accept: str) -> Lang:
    """The better of both by an Accept-Language header (RFC 9110, 12.5.4); Indonesian where it names neither."""
    best: dict[str, float] = {}
    for part in accept[:500].split(","):
        tag, _, weight = part.partition(";")
        name = tag.strip().lower().split("-")[0]
        name = "id" if name == "in" else name  # the old code for Indonesian, which some phones still send
        if name in ("id", "en"):
            best[name] = max(best.get(name, 0.0), _weight(weight))
    return "en" if best.get("en", 0.0) > best.get("id", 0.0) else "id"


def _weight(text: str) -> float:
    _, _, value = text.strip().partition("q=")
    try:
        return float(value) if value else 1.0
    except ValueError:
        return 0.0
