"""Refusals: what a person may not do, and what lies outside a person's part of the house."""

from __future__ import annotations

from hengzhi.core import HengzhiError, UnknownKey


class Forbidden(HengzhiError):
    """The person holds no role that allows it."""

    code = "forbidden"

    def __init__(self, permission: str) -> None:
        super().__init__(permission=permission)


class OutOfScope(UnknownKey):
    """It lies outside the person's units; it reads exactly as if it did not exist."""
