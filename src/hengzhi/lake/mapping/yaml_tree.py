"""YAML as nodes that know their line: scalars stay the text they are, so Yes, 08 and 2026-10 mean what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_LONGEST = 1 << 20


class Unreadable(ValueError):
    """The text is not YAML, or uses what mappings do without."""

    def __init__(self, code: str, line: int, said: str = "") -> None:
        self.code, self.line, self.said = code, line, said
        super().__init__(f"{code} in line {line}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a YAML mapping with its value and line."""

    key: str
    value: Node
    line: int


def tree(text: str) -> Node | None:
    """The root node of ``text``; None where there is none.

    Raises:
        Unreadable: broken YAML, more than 1 MB, or anchors and aliases.
    """
    if len(text) > _LONGEST:
        raise Unreadable("mapping_too_long", 1)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise Unreadable("mapping_alias", event.start_mark.line + 1 if event.start_mark else 1)
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", None) or getattr(error, "reason", error))
        raise Unreadable("mapping_not_yaml", mark.line + 1 if mark else 1, said) from error
    except RecursionError as error:
        raise Unreadable("mapping_too_long", 1) from error


def line_of(node: Node) -> int:
    """The line on which ``node`` starts."""
    return node.start_mark.line + 1 if node.start_mark else 1


def entries(node: MappingNode) -> Iterator[Entry]:
    """The keys of a YAML mapping in order, doubled ones included."""
    for key, value in node.value:
        yield Entry(key.value if isinstance(key, ScalarNode) else "", value, line_of(key))


def scalar(node: Node) -> str | None:
    """The text of a scalar; None where the node is none, or an unquoted null."""
    if not isinstance(node, ScalarNode) or is_null(node):
        return None
    text: str = node.value
    return text


def is_null(node: Node) -> bool:
    """Whether the node is an unquoted ``null``, ``~`` or nothing."""
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def scalars(node: Node) -> tuple[str, ...] | None:
    """The texts of a list of scalars, or of one scalar; None where the node is anything else."""
    if isinstance(node, SequenceNode):
        texts = [scalar(item) for item in node.value]
        return None if any(text is None for text in texts) else tuple(text for text in texts if text is not None)
    text = scalar(node)
    return None if text is None else (text,)
