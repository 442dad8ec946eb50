"""Hengzhi 衡质: service-quality risk of a financial institution, assessed from its own data."""

__version__ = "0.1.0"
