"""The engine behind a plugin's pages: resources, reports, sheets, forms and exports over HTTP."""
