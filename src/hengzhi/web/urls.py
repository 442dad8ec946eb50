"""Addresses of the site: sign in, sign out, language, health, and the reading pages."""

from django.urls import path

from hengzhi.web import accounts, health
from hengzhi.web.pages import overview, risks

urlpatterns = [
    path("", overview.home, name="home"),
    path("risks", risks.listed, name="risks"),
    path("risks/<str:key>", risks.one, name="risk"),
    path("login", accounts.SignIn.as_view(), name="login"),
    path("logout", accounts.SignOut.as_view(), name="logout"),
    path("health", health.health, name="health"),
    path("language", accounts.language, name="language"),
]
