"""What a password must be: long, not common, and more than the institution's own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_LEAST_OWN = 8  # characters that must be left once known words are taken out
_HOUSE = ("hengzhi", "衡质", "admin", "administrator", "password", "bank", "银行", "管理员", "密码")
_RUNS = re.compile(r"(.)\1{2,}|0123456789|123456789?|qwerty(?:uiop)?|abcdef(?:gh)?|(?:19|20)\d\d", re.IGNORECASE)


class LongEnough(MinimumLengthValidator):
    """Refuses a password of fewer characters than asked for."""

    def get_error_message(self) -> str:
        return _("The password needs at least %(length)s characters.") % {"length": self.min_length}


class NotCommon(CommonPasswordValidator):
    """Refuses what stands in the list of 20,000 common passwords."""

    def get_error_message(self) -> str:
        return _("This password is one of the most common ones.")


class MoreThanOwnWords:
    """Refuses a password that is hardly more than names of the institution, the product or the person, years and runs of keys."""

    def validate(self, password: str, user: Any = None) -> None:
        """Judge a password.

        Raises:
            ValidationError: too little is left without such words.
        """
        left = _plain(password)
        for word in sorted(_known(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(_RUNS.sub("", left)) < _LEAST_OWN:
            raise ValidationError(self.get_help_text(), code="own_words")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("Too little is left without names of the institution, the product and yourself, years, and runs such as 123456.")


def _known(user: Any) -> set[str]:
    workspace = getattr(settings, "WORKSPACE", None)
    names: Iterable[str] = (workspace.institution.zh, workspace.institution.en) if workspace else ()
    own = (getattr(user, "username", ""), getattr(user, "display_name", ""))
    words = {_plain(part) for text in (*names, *own, *_HOUSE) for part in (text, *text.split())}
    return {word for word in words if len(word) > 1}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
