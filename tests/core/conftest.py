"""What Hypothesis draws for the values of the core: whole lives, and what may happen in them."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from mockserver.core.timeline import (
    NEXT,
    TERMINAL,
    Beat,
    CancelAsked,
    Created,
    Forced,
    Plan,
    Status,
    Step,
)


CREATED_MS = 1_000_000
LONGEST_MS = 5_000


def walks(status: Status) -> Iterator[tuple[Status, ...]]:
    """Every way through the transition table from `status` on, the unfinished ones included."""
    yield (status,)
    for following in sorted(NEXT[status]):
        yield from ((status, *rest) for rest in walks(following))


@st.composite
def beats(draw: st.DrawFn, longest_ms: int) -> tuple[Beat, ...]:
    """Log lines and early outputs, in order, within `longest_ms`."""
    instants = sorted(draw(st.lists(st.integers(0, longest_ms), max_size=3)))
    logs = st.text("abc\n", max_size=3)
    outputs = st.none() | st.integers(0, 4)
    return tuple(Beat(after_ms, draw(logs), draw(outputs)) for after_ms in instants)


@st.composite
def steps(draw: st.DrawFn, walk: tuple[Status, ...]) -> tuple[Step, ...]:
    """The steps of `walk`; only the last one may last for ever."""
    made = []
    for place, status in enumerate(walk, start=1):
        endless = place == len(walk) and draw(st.booleans())
        lasts_ms = None if endless else draw(st.integers(0, LONGEST_MS))
        longest_ms = LONGEST_MS if lasts_ms is None else lasts_ms
        made.append(Step(status, lasts_ms, () if status in TERMINAL else draw(beats(longest_ms))))
    return tuple(made)


PLANS = st.builds(
    Plan,
    steps=st.sampled_from(tuple(walks(Status.STARTING))).flatmap(steps),
    outputs=st.integers(1, 4),
    error=st.none() | st.just("it broke"),
)
INSTANTS_MS = st.integers(CREATED_MS - 1_000, CREATED_MS + 4 * LONGEST_MS)

st.register_type_strategy(Plan, PLANS)
st.register_type_strategy(
    Created,
    st.builds(
        Created,
        id=st.just("m5kqz2m6tdrma0crasq8dr1gbc"),
        at_ms=st.just(CREATED_MS),
        model=st.just("owner/name"),
        version=st.just("hidden"),
        input=st.just(b"{}"),
        seed=st.just(7),
        plan=PLANS,
        deadline_ms=st.none() | st.integers(0, 3 * LONGEST_MS),
    ),
)
st.register_type_strategy(CancelAsked, st.builds(CancelAsked, INSTANTS_MS))
st.register_type_strategy(
    Forced,
    st.builds(Forced, st.sampled_from(Status), INSTANTS_MS, st.none() | st.just("forced")),
)
