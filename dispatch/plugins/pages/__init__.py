"""The engine behind a plugin's pages: resources, reports, sheets, forms and exports over HTTP."""

from dispatch.plugins.pages.describe import PluginShape, PluginShapes, describe
from dispatch.plugins.pages.routes import routes_for

__all__ = ["PluginShape", "PluginShapes", "describe", "routes_for"]
