"""Addresses of the frame: sign in, sign out, language, health."""

from django.urls import path

from hengzhi.web import accounts, health

urlpatterns = [
    path("login", accounts.SignIn.as_view(), name="login"),
    path("logout", accounts.SignOut.as_view(), name="logout"),
    path("health", health.health, name="health"),
    path("language", accounts.language, name="language"),
]
