"""What the route of a public page is given: the visitor's language, the plugin's data, and its templates."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dispatch.api import centre_of
from dispatch.plugins.contract import Plugin
from dispatch.plugins.fields import Checked, Fault, Field, Kind, Lang, Text
from dispatch.plugins.files import Files
from dispatch.plugins.site import forms
from dispatch.plugins.site.assets import asset
from dispatch.plugins.site.checking import check_typed
from dispatch.plugins.site.host import host_of, public_prefix
from dispatch.plugins.site.language import KEPT_S, LANG_COOKIE, language_of
from dispatch.plugins.site.limits import RateLimit
from dispatch.plugins.site.rendering import LANGUAGES, environment
from dispatch.plugins.work import Reading, Working

THEME_COOKIE = "siaga_theme"


class PageRequest:
    """One visit of a public page of one plugin."""

    def __init__(self, request: Request, plugin: Plugin) -> None:
        self.request = request
        self.plugin = plugin
        self.lang: Lang = language_of(request)
        self.typed: dict[str, str] = {}
        """What was typed into the form as it was typed, for `render` after faults."""
        self.uploads: dict[str, bytes] = {}
        """The files of the form's PHOTO fields, by field name; sniffed, not stored yet."""
        self._workshop = host_of(request).workshop(plugin.name)

    @property
    def now(self) -> datetime:
        """UTC."""
        return self._workshop.now

    @property
    def settings(self) -> Any:
        """The plugin's settings."""
        return self._workshop.settings

    @property
    def files(self) -> Files:
        """The plugin's uploaded files."""
        return Files(self.plugin.name, centre_of(self.request).settings.data_dir)

    def reading(self) -> AbstractAsyncContextManager[Reading]:
        """A read-only view of one moment."""
        return self._workshop.reading()

    def working(self) -> AbstractAsyncContextManager[Working]:
        """A transaction."""
        return self._workshop.working()

    def text(self, text: Text) -> str:
        """The text in the visitor's language."""
        return text.in_(self.lang)

    def path(self, path: str = "") -> str:
        """The address of `path` under the plugin's public pages."""
        return f"{public_prefix(self.plugin)}/{path.lstrip('/')}"

    def absolute(self, path: str) -> str:
        """`path` of this site with its scheme and host, as structured data and calendars need it."""
        return _base(self.request) + path

    def redirect(self, path: str = "") -> Response:
        """On to another page of the plugin, after a form was taken (303: the browser asks with GET)."""
        return RedirectResponse(self.path(path), status_code=303)

    async def form(self, fields: Sequence[Field]) -> Checked:
        """Read and check what was sent. With faults: `render` the page again, with them and `typed`.

        Raises Forbidden for another site's form and HTTPException 413 for a body that is too large. Of PHOTO fields
        the values stay None: their content is in `uploads`, to be stored with `files` once all is well.
        """
        sent = await forms.read_form(self.request, fields)
        self.typed = {**{one.name: forms.untouched(one) for one in fields}, **sent.texts}
        self.uploads = sent.files
        if sent.by_program:
            return Checked({}, (Fault("", forms.NOT_SENT),))
        wait_s = _limit_of(self.request).wait_s(forms.client_address(self.request), self.now)
        if wait_s > 0:
            return Checked({}, (Fault("", forms.too_often(wait_s)),))
        texts = [one for one in fields if one.kind is not Kind.PHOTO]
        async with self.reading() as reading:
            given = {one.name: self.typed[one.name] for one in texts}
            checked = await check_typed(self.plugin, texts, given, reading)
        empty = {one.name: None for one in fields if one.kind is Kind.PHOTO}
        return Checked({**empty, **checked.values}, (*checked.faults, *forms.file_faults(fields, sent.files)))

    async def render(
        self,
        template: str,
        *,
        title: str,
        description: str = "",
        structured: Mapping[str, Any] | None = None,
        image: str | None = None,
        status: int = 200,
        data_at: datetime | None = None,
        **values: Any,
    ) -> Response:
        """The page as HTML. `structured`: schema.org data; `image`: id of a public picture; `data_at`: how old the
        data is (None: as of now)."""
        page = {
            "title": title,
            "description": description,
            "structured": structured,
            "image": image,
            "data_at": data_at or self.now,
            "typed": self.typed,
            "plugin": self.plugin,
            "path": self.path,
            **values,
        }
        return render_site(self.request, template, page, plugin=self.plugin, status=status)


def render_site(
    request: Request, template: str, values: Mapping[str, Any], *, plugin: Plugin | None = None, status: int = 200
) -> Response:
    """A page in the site's frame; keeps the language that the address names for the pages to come."""
    lang = language_of(request)
    env = environment(plugin.package if plugin else None, plugin.name if plugin else "", lang)
    body = env.get_template(template).render(**_frame(request, lang, plugin), **values)
    response = HTMLResponse(body, status_code=status, headers={"Content-Language": lang})
    response.headers["Vary"] = "Cookie, Accept-Language"
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANG_COOKIE, lang, max_age=KEPT_S, path="/", samesite="lax", httponly=True)
    return response


def _frame(request: Request, lang: Lang, plugin: Plugin | None) -> dict[str, Any]:
    """What `_site.html` shows around every page."""
    settings = centre_of(request).settings
    base = _base(request)
    address = base + request.url.path
    alternates = {"id": address, "en": f"{address}?lang=en"}
    theme = request.cookies.get(THEME_COOKIE)
    return {
        "centre": settings.centre_name,
        "demo": settings.demo,
        "theme": theme if theme in ("dark", "light") else None,
        "menu": [
            (public_prefix(one) + "/", one.title.in_(lang), plugin is not None and one.name == plugin.name)
            for one in host_of(request).enabled()
            if one.public is not None
        ],
        "base": base,
        "canonical": alternates[lang],
        "alternates": alternates,
        "switch": {one: _same_page(request, one) for one in LANGUAGES},
        "asset": asset,
    }


def _base(request: Request) -> str:
    """This site's scheme and host, as its visitors reach it."""
    settings = centre_of(request).settings
    base = (settings.public_url or str(request.base_url)).rstrip("/")
    root = request.scope.get("root_path", "")
    return base.removesuffix(root) if settings.public_url is None and root else base


def _same_page(request: Request, lang: Lang) -> str:
    """This page in another language, with all else that its address says."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', lang)])}"


def _limit_of(request: Request) -> RateLimit:
    limit: RateLimit | None = getattr(request.app.state, "form_limit", None)
    if limit is None:
        limit = request.app.state.form_limit = RateLimit()
    return limit


def page_of(request: Request) -> PageRequest:
    """The visit; the site's application knows whose pages it carries."""
    plugin: Plugin = request.app.plugin
    if plugin not in host_of(request).enabled():
        raise HTTPException(404)
    return PageRequest(request, plugin)


InPage = Annotated[PageRequest, Depends(page_of)]
