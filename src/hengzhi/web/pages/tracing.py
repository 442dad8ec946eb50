"""The page of one figure: the same panel for any number on any page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hengzhi.app import CATALOGUE
from hengzhi.spine.runs.pages.behind import Behind, behind
from hengzhi.web.drawings import Interval
from hengzhi.web.frame import Crumb
from hengzhi.web.pages import telling
from hengzhi.web.pages.computed import Computed, computed
from hengzhi.web.pages.looking import Look, look, workspace
from hengzhi.web.render import show
from hengzhi.web.selection import Selection
from hengzhi.web.signed_in import me


@dataclass(frozen=True, slots=True)
class FigureView:
    """All that figure.html draws."""

    id: str
    name: str
    url: str
    scope: str
    period: str
    value: str
    level: str
    rated: bool
    verdict: str
    note: str
    interval: Interval | None
    how: Computed


@require_safe
def one(request: HttpRequest, figure: str) -> HttpResponse:
    """What stands behind one figure."""
    found = behind(workspace=workspace(), catalogue=CATALOGUE, figure=figure, by=me(request))
    here = look(Selection.of(request.GET), None)
    name = telling.named(found.indicator.names)
    title = _("How computed: %(indicator)s, %(period)s") % {"indicator": name, "period": found.figure.period}
    trail = [Crumb(_("Indicators"), reverse("indicators")), Crumb(name, reverse("indicator", args=[found.figure.key]))]
    content = _view(found, here, figure)
    return show(request, "pages/figure.html", page="indicators", title=title, content=content, trail=trail, selection=here.selection)


def _view(found: Behind, here: Look, figure: str) -> FigureView:
    f, indicator = found.figure, found.indicator
    return FigureView(
        id=figure,
        name=telling.named(indicator.names),
        url=here.url("indicator", f.key),
        scope=telling.named(here.names.scope(f.scope)),
        period=f.period,
        value=telling.value(f.value, indicator),
        level=f.level,
        rated=f.score is not None,
        verdict=f.verdict,
        note=telling.hint(f, indicator),
        interval=telling.interval(f, indicator),
        how=computed(found, here),
    )
