"""Every order in which things can come that happen side by side.

A chain is what can only come in its own order; chains together come in any order that keeps the
order within each. Every such order has a number, so that all can be told one by one, some of
very many be drawn, and each be told again, without a list of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import shake_128
from itertools import pairwise
from math import factorial, prod
from typing import Final, Generic, TypeVar


T = TypeVar("T")

Chains = tuple[tuple[T, ...], ...]

_DRAWN_BYTES: Final = 32


def count(chains: Chains[T]) -> int:
    """In how many orders they can come: the multinomial coefficient of their lengths."""
    lengths = [len(chain) for chain in chains]
    return factorial(sum(lengths)) // prod(map(factorial, lengths))


def interleaving(chains: Chains[T], number: int) -> tuple[T, ...]:
    """The order with this number, from 0 on. Raises `IndexError` where there is none."""
    total = count(chains)
    if not 0 <= number < total:
        raise IndexError(f"there are {total} orders, and none has the number {number}")
    left, told = list(chains), list[T]()
    for remaining in range(sum(map(len, chains)), 0, -1):
        # So many of all orders that are left begin with the head of each chain.
        shares = [total * len(chain) // remaining for chain in left]
        place = 0
        while number >= shares[place]:
            number -= shares[place]
            place += 1
        total = shares[place]
        told.append(left[place][0])
        left[place] = left[place][1:]
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Orders(Generic[T]):
    """All orders of several sets of chains, the sets one after the other."""

    variants: tuple[Chains[T], ...]

    @property
    def count(self) -> int:
        """How many there are; they may be more than any list can hold."""
        return sum(map(count, self.variants))

    def order(self, number: int) -> tuple[T, ...]:
        """The order with this number, from 0 on. Raises `IndexError` where there is none."""
        left = number
        for chains in self.variants:
            if left < count(chains):
                return interleaving(chains, left)
            left -= count(chains)
        raise IndexError(f"there are {self.count} orders, and none has the number {number}")

    def numbers(self, most: int, seed: int) -> Iterator[int]:
        """The numbers of all; of more than `most`, so many drawn from `seed`, none twice."""
        total = self.count
        if total <= most:
            yield from range(total)
            return
        seen: set[int] = set()
        drawn = 0
        while len(seen) < most:
            number = _drawn(seed, drawn) % total
            drawn += 1
            if number not in seen:
                seen.add(number)
                yield number


def nearer(order: Sequence[T], natural: Sequence[T]) -> Iterator[tuple[T, ...]]:
    """The orders one step nearer to the natural one: two neighbours have changed places.

    None of them breaks a chain, because each chain stands in its natural order already.
    """
    place = {part: at for at, part in enumerate(natural)}
    for at, (first, second) in enumerate(pairwise(order)):
        if place[first] > place[second]:
            yield (*order[:at], second, first, *order[at + 2 :])


def _drawn(seed: int, ordinal: int) -> int:
    return int.from_bytes(shake_128(b"%d:%d" % (seed, ordinal)).digest(_DRAWN_BYTES))
