"""Small Bayesian networks of yes/no nodes, answered exactly by enumerating every combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_NODES = 20  # 2**20 combinations of 8 bytes: 8 MB, a fraction of a second


@dataclass(frozen=True, slots=True)
class Node:
    """A yes/no variable: its parents and the probability of yes for each combination of theirs.

    ``yes`` runs through the parents' values like binary counting, the first parent being the slowest:
    for parents (S, R) it is P(yes | 00), P(yes | 01), P(yes | 10), P(yes | 11).
    """

    name: str
    parents: tuple[str, ...]
    yes: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.yes) != 2 ** len(self.parents):
            raise ValueError(f"node {self.name} has {len(self.parents)} parents and needs {2 ** len(self.parents)} probabilities")
        if not all(0 <= p <= 1 for p in self.yes):
            raise ValueError(f"node {self.name} has a probability outside [0, 1]")


@dataclass(frozen=True, slots=True)
class Network:
    """A joint distribution over yes/no nodes: ``weights[k]`` is the probability of the combination whose bits are k."""

    names: tuple[str, ...]
    weights: Floats

    def probability(self, event: Mapping[str, bool], given: Mapping[str, bool] | None = None) -> float:
        """P(event | given); each is a set of nodes with their values.

        Raises:
            ValueError: what is given can't happen, or a name is unknown.
        """
        seen = self._matching(given or {})
        base = float(self.weights[seen].sum())
        if base <= 0:
            raise ValueError(f"{dict(given or {})} has probability zero")
        return float(self.weights[seen & self._matching(event)].sum()) / base

    def _matching(self, values: Mapping[str, bool]) -> NDArray[np.bool_]:
        states = np.arange(len(self.weights))
        keep = np.ones(len(self.weights), bool)
        for name, value in values.items():
            if name not in self.names:
                raise ValueError(f"no node {name!r}; known: {', '.join(self.names)}")
            keep &= ((states >> self.names.index(name)) & 1).astype(bool) == value
        return keep


def network(nodes: Sequence[Node]) -> Network:
    """The joint distribution of ``nodes`` (at most 20, in any order, without a cycle).

    Source: Pearl 1988, Probabilistic Reasoning in Intelligent Systems, ch. 3 (product of the conditional tables).
    """
    ordered = _parents_first(nodes)
    names = tuple(node.name for node in ordered)
    states = np.arange(2 ** len(names))
    weights = np.ones(len(states))
    for at, node in enumerate(ordered):
        row = np.zeros(len(states), dtype=np.int64)
        for parent in node.parents:
            row = row * 2 + ((states >> names.index(parent)) & 1)
        yes = np.array(node.yes)[row]
        weights *= np.where((states >> at) & 1, yes, 1 - yes)
    return Network(names, weights)


def noisy_or(causes: Mapping[str, float], *, name: str, leak: float = 0.0) -> Node:
    """A node that any present cause brings about on its own with the given probability, or the leak without any.

    Source: Henrion 1989, Some practical issues in constructing belief networks (leaky noisy-OR).

    >>> noisy_or({"cold": 0.4, "flu": 0.8}, name="fever").yes
    (0.0, 0.8, 0.4, 0.88)
    """
    parents = tuple(causes)
    missed = []
    for state in range(2 ** len(parents)):
        bits = [(state >> (len(parents) - 1 - at)) & 1 for at in range(len(parents))]
        missed.append((1 - leak) * float(np.prod([1 - causes[p] for p, bit in zip(parents, bits, strict=True) if bit])))
    return Node(name, parents, tuple(round(1 - q, 15) for q in missed))


def _parents_first(nodes: Sequence[Node]) -> list[Node]:
    if len(nodes) > MOST_NODES:
        raise ValueError(f"exact enumeration takes at most {MOST_NODES} nodes, not {len(nodes)}")
    if len({node.name for node in nodes}) < len(nodes):
        raise ValueError("two nodes have the same name")
    ordered: list[Node] = []
    left = list(nodes)
    while left:
        known = {node.name for node in ordered}
        ready = [node for node in left if known.issuperset(node.parents)]
        if not ready:
            raise ValueError(f"a cycle or an unknown parent among {', '.join(node.name for node in left)}")
        ordered.extend(ready)
        left = [node for node in left if node not in ready]
    return ordered
