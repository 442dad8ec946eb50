"""A Bayesian network written in one line, as experts and textbooks do: ``P(C)=.5; P(S|C=0,1)=.5,.1; P(W|SR)=00:0,...``."""

from __future__ import annotations

import re
from itertools import product

from hengzhi.methods.bayes_net import Node

_TABLE = re.compile(r"P\(\s*([^)|]+?)\s*(?:\|\s*([^)]*?)\s*)?\)\s*=\s*([^;P]*)")
_NOT = "¬~!-"
_BITS = str.maketrans("TtFf+-YyNn", "1100101100")


def read_network(text: str) -> tuple[Node, ...]:
    """The nodes of a network written as conditional tables; arrows before them say nothing new and are skipped.

    A table is one of ``P(A)=.1``, ``P(A|B=0,1)=.2,.7``, ``P(A|BC)=00:.1,01:.2,10:.3,11:.4``, ``P(A|B=1,C=0)=.3``,
    ``P(A|b,¬c)=.3`` (small letters mean yes), or ``P(A|BC)=.4,.3,.2,.1`` (yes-yes first, the first parent slowest).

    Raises:
        ValueError: a combination of parents has no probability.
    """
    found = [(*_head(head), condition, values) for head, condition, values in _TABLE.findall(text)]
    names = list(dict.fromkeys(name for name, *_ in found))
    parents: dict[str, tuple[str, ...]] = {}
    tables: dict[str, dict[str, float]] = {name: {} for name in names}
    for name, is_yes, condition, values in found:
        given, states = _condition(condition, names)
        order = parents.setdefault(name, given)
        if set(order) != set(given):
            raise ValueError(f"node {name} has parents {order} in one table and {given} in another")
        for state, value in _entries(values, states, len(given)):
            bits = dict(zip(given, state, strict=True))
            tables[name]["".join(bits[parent] for parent in order)] = value if is_yes else 1 - value
    return tuple(_node(name, parents[name], tables[name]) for name in names)


def _head(text: str) -> tuple[str, bool]:
    """The node a table is about, and whether the table gives yes (``A``, ``A=1``, ``a``) or no (``A=0``, ``¬a``)."""
    name, _, value = text.replace(" ", "").partition("=")
    bare = name.lstrip(_NOT + "+")
    negated = name[:1] in _NOT or value.translate(_BITS).startswith("0")
    return (bare.upper() if len(bare) == 1 else bare), not negated


def _node(name: str, parents: tuple[str, ...], table: dict[str, float]) -> Node:
    states = ["".join(bits) for bits in product("01", repeat=len(parents))]
    missing = [state for state in states if state not in table]
    if missing:
        raise ValueError(f"node {name} lacks a probability for {', '.join(missing)} of {', '.join(parents)}")
    return Node(name, parents, tuple(table[state] for state in states))


def _condition(text: str, names: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Parents, and the states written with them (empty when the values carry their own or stand in full order)."""
    if text.count("=") == 1:
        left, right = text.split("=")
        given = _split_names(left, names)
        states = [state.translate(_BITS) for state in re.split(r"[,\s]+", right.strip())]
        if all(len(state) == len(given) for state in states):
            return given, states
    if "=" in text:
        pairs = re.findall(r"(\w+)\s*=\s*(\w)", text)
        return tuple(_known(name, names)[0] for name, _ in pairs), ["".join(value for _, value in pairs).translate(_BITS)]
    tokens = [_known(token, names) for token in re.split(r"[,\s]+", text.strip()) if token]
    if tokens and all(name for name, _ in tokens) and any(state for _, state in tokens):
        return tuple(name for name, _ in tokens), ["".join(state or "1" for _, state in tokens)]
    return _split_names(text, names), []


def _known(token: str, names: list[str]) -> tuple[str, str]:
    """The node a token means and the state it states: "b" = B yes, "¬b" = B no, "B" = no state; ("", "") if unknown."""
    bare = token.lstrip(_NOT)
    if bare in names:
        return bare, "0" if bare != token else ""
    alike = [name for name in names if name.lower() == bare.lower()]
    return (alike[0], "0" if bare != token else "1") if alike else ("", "")


def _split_names(text: str, names: list[str]) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    found: list[str] = []
    for part in parts:
        if part in names:
            found.append(part)
            continue
        pieces = re.findall("|".join(sorted(map(re.escape, names), key=len, reverse=True)), part)
        if "".join(pieces) != part:
            raise ValueError(f"unknown parent {part!r}; known: {', '.join(names)}")
        found.extend(pieces)
    return tuple(found)


def _entries(text: str, states: list[str], parents: int) -> list[tuple[str, float]]:
    parts = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    if any(":" in part for part in parts):
        pairs = [part.split(":") for part in parts]
        return [(state.translate(_BITS), float(value)) for state, value in pairs]
    order = states or ["".join(bits) for bits in product("10", repeat=parents)]
    values = [float(part) for part in parts]
    if len(values) == 1 and not states:
        order = ["1" * parents]
    if len(values) != len(order):
        raise ValueError(f"{len(values)} probabilities for {len(order)} combinations")
    return list(zip(order, values, strict=True))
