"""Addresses of the frame: sign in, sign out, language."""

from django.urls import path

from hengzhi.web import accounts

urlpatterns = [
    path("login", accounts.SignIn.as_view(), name="login"),
    path("logout", accounts.SignOut.as_view(), name="logout"),
    path("language", accounts.language, name="language"),
]
