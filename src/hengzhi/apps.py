"""The one Django app of the house."""

from django.apps import AppConfig


class HengzhiConfig(AppConfig):
    """All records of all rooms share one app and one migration history."""

    name = "hengzhi"
    label = "hengzhi"
    default_auto_field = "django.db.models.BigAutoField"
