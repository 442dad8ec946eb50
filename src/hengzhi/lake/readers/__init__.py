"""Readers: files of institutions as judged blocks of facts, every row accounted for."""

from hengzhi.lake.readers.block import Block, Limits, Pseudonymiser
from hengzhi.lake.readers.reading import read

__all__ = ["Block", "Limits", "Pseudonymiser", "read"]
