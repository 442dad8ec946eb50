"""Addresses of the frame: sign in, sign out, language, health."""

from django.urls import include, path

from hengzhi.web import accounts, health
from hengzhi.web.first_login import first_login

urlpatterns = [
    path("login", accounts.SignIn.as_view(), name="login"),
    path("first-login/<str:token>", first_login, name="first_login"),
    path("logout", accounts.SignOut.as_view(), name="logout"),
    path("health", health.health, name="health"),
    path("language", accounts.language, name="language"),
    path("", include("hengzhi.web.intake.urls")),
]
