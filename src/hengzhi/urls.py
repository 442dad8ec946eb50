"""Addresses of the web and the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("hengzhi.web.urls"))]

handler400 = "hengzhi.web.errors.bad_request"
handler403 = "hengzhi.web.errors.forbidden"
handler404 = "hengzhi.web.errors.not_found"
handler500 = "hengzhi.web.errors.failed"
