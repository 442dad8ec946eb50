"""Addresses of findings and deadlines."""

from django.urls import path

from hengzhi.web.loop import clocks, findings

urlpatterns = [
    path("findings", findings.listed, name="findings"),
    path("findings/<str:uid>", findings.one, name="finding"),
    path("clocks", clocks.listed, name="clocks"),
]
