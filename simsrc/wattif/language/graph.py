"""Which quantities need which: order, circles, and how absence spreads. Nothing here recurses.

A place is a quantity as one system sees it, so circles are found across systems as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Place = tuple[str, str]  # (system key, quantity name)
Needs = Callable[[Place], Sequence[Place]]

_MOST_CIRCLES = 20  # a tangle has very many; these are enough to mend the first


@dataclass(frozen=True)
class Graph:
    """All places that can be reached from where one started.

    ``order`` has each place after those it needs, except within the ``circles``: each a run of
    places of which one needs the next and the last the first.
    """

    order: list[Place] = field(default_factory=list)
    needs: dict[Place, Sequence[Place]] = field(default_factory=dict)
    circles: list[tuple[Place, ...]] = field(default_factory=list)


def explore(roots: Iterable[Place], needs: Needs) -> Graph:
    """Return the graph of all places that the roots need, by depth-first search."""
    graph = Graph()
    for root in roots:
        if root not in graph.needs:
            _descend(root, needs, graph)
    return graph


def _descend(root: Place, needs: Needs, graph: Graph) -> None:
    path: dict[Place, Iterator[Place]] = {}

    def enter(place: Place) -> None:
        graph.needs[place] = needs(place)
        path[place] = iter(graph.needs[place])

    enter(root)
    while path:
        place, rest = next(reversed(path.items()))
        need = next(rest, None)
        if need is None:
            graph.order.append(place)
            del path[place]
        elif need in path:
            if len(graph.circles) < _MOST_CIRCLES:
                way = list(path)
                graph.circles.append(tuple(way[way.index(need) :]))
        elif need not in graph.needs:
            enter(need)


def reachable(roots: Iterable[Place], needs: Needs) -> dict[Place, Place]:
    """Return the places that the roots need, each with the first that needs it; in order of need.

    A root is needed by itself.
    """
    found = {root: root for root in roots}
    stack = list(reversed(found))
    seen: set[Place] = set()
    while stack:
        place = stack.pop()
        if place not in seen:
            seen.add(place)
            for need in needs(place):
                found.setdefault(need, place)
            stack += reversed(needs(place))
    return found
