"""The public pages of plugins: drawn on the server, in both languages, working without script."""

from dispatch.plugins.site.app import PublicApp
from dispatch.plugins.site.charts import svg_line_chart
from dispatch.plugins.site.host import SiteHost, public_prefix
from dispatch.plugins.site.page import InPage, PageRequest

__all__ = ["InPage", "PageRequest", "PublicApp", "SiteHost", "public_prefix", "svg_line_chart"]
