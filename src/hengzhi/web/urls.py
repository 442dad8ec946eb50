"""Addresses of the site: sign in, sign out, language, health, and the reading pages."""

from django.urls import include, path

from hengzhi.web import accounts, health
from hengzhi.web.first_login import first_login
from hengzhi.web.pages import indicators, measures, overview, risk_list, risks, runs, tracing

urlpatterns = [
    path("", overview.home, name="home"),
    path("risks", risk_list.listed, name="risks"),
    path("risks/<str:key>", risks.one, name="risk"),
    path("measures", measures.listed, name="measures"),
    path("measures/<str:key>", measures.one, name="measure"),
    path("indicators", indicators.listed, name="indicators"),
    path("indicators/<str:key>", indicators.one, name="indicator"),
    path("figures/<str:figure>", tracing.one, name="figure"),
    path("runs", runs.listed, name="runs"),
    path("runs/<str:uid>", runs.one, name="run"),
    path("login", accounts.SignIn.as_view(), name="login"),
    path("first-login/<str:token>", first_login, name="first_login"),
    path("logout", accounts.SignOut.as_view(), name="logout"),
    path("health", health.health, name="health"),
    path("language", accounts.language, name="language"),
    path("", include("hengzhi.web.intake.urls")),
    path("", include("hengzhi.web.loop.urls")),
    path("", include("hengzhi.web.people.urls")),
]
