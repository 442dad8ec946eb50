"""Addresses of people, roles, units, the audit log and one's own account."""

from django.urls import path

from hengzhi.web.people import account, audit, people, roles, second_step, units

urlpatterns = [
    path("people", people.listed, name="people"),
    path("people/<str:uid>", people.one, name="person"),
    path("people/<str:uid>/active", people.active, name="person_active"),
    path("people/<str:uid>/address", people.address, name="person_address"),
    path("people/<str:uid>/sessions/end", people.end_sessions, name="person_sessions_end"),
    path("people/<str:uid>/roles/<str:assignment>/withdraw", people.withdraw, name="person_withdraw"),
    path("roles", roles.listed, name="roles"),
    path("roles/<str:key>/second-factor", roles.second_factor, name="role_second_factor"),
    path("units", units.listed, name="units"),
    path("audit", audit.listed, name="audit"),
    path("account", account.account, name="account"),
    path("account/password", account.password, name="password"),
    path("account/second-factor", second_step.second_factor, name="second_factor"),
    path("account/sessions/<str:uid>/end", account.end_session, name="session_end"),
    path("login/code", second_step.login_code, name="login_code"),
]
