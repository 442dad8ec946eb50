"""Mappings: how the columns of a file become the columns of a fact table."""

from hengzhi.lake.mapping.identity import default_mapping
from hengzhi.lake.mapping.load import load_mapping
from hengzhi.lake.mapping.model import Mapping_, MappingProblem, Rule

__all__ = ["MappingProblem", "Mapping_", "Rule", "default_mapping", "load_mapping"]
