"""Directed graphs of few nodes, with the successors of a node as the bits of a whole number."""

from collections.abc import Iterator, Sequence


def list_bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def find_reach(successors: Sequence[int], start: int, allowed: int) -> int:
    """The nodes that are reached from the nodes of ``start`` through ``allowed`` nodes, as bits."""
    reached = todo = start & allowed
    while todo:
        node = (todo & -todo).bit_length() - 1
        todo &= todo - 1
        new = successors[node] & allowed & ~reached
        reached |= new
        todo |= new
    return reached


def find_circles(successors: Sequence[int]) -> list[int]:
    """The strongly connected components, as a number of the component for each node."""
    size = len(successors)
    predecessors = [0] * size
    for node, mask in enumerate(successors):
        for one in list_bits(mask):
            predecessors[one] |= 1 << node
    labels, label = [-1] * size, 0
    todo = [(1 << size) - 1]
    while todo:
        nodes = todo.pop()
        if not nodes:
            continue
        first = nodes & -nodes
        ahead = find_reach(successors, first, nodes)
        behind = find_reach(predecessors, first, nodes)
        for node in list_bits(ahead & behind):
            labels[node] = label
        label += 1
        todo += [ahead & ~behind, behind & ~ahead, nodes & ~(ahead | behind)]
    return labels
