"""Forms: one thing done with what was typed."""

from collections.abc import Mapping
from typing import Any

from dispatch.plugins.contract import Form, Plugin
from dispatch.plugins.pages.checking import check
from dispatch.plugins.pages.known import known_for
from dispatch.plugins.pages.refusals import Faulty, constraints, told
from dispatch.plugins.pages.views import Done, words
from dispatch.plugins.pages.wire import received
from dispatch.plugins.work import Working


async def submit(work: Working, plugin: Plugin, form: Form, given: Mapping[str, Any]) -> Done:
    """Raises Faulty."""
    checked = check(form.fields, received(form.fields, given), await known_for(work, plugin, form.fields, given))
    if checked.faults:
        raise Faulty(checked.faults)
    with told(), constraints(form.fields, form.label):
        message = await form.submit(work, checked.values)
        await work.session.flush()
    return Done(message=words(message))
