"""Where everything on a cassette is found again: by the paths that a client may ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from mockserver.contract.cassettes.distil import roles_of
from mockserver.contract.cassettes.matching import Asked
from mockserver.contract.cassettes.sights import Role, Seen
from mockserver.core.cassette import Cassette, Job
from mockserver.core.interaction import Request
from mockserver.library.aliases import among
from mockserver.library.gateways import Gateway
from mockserver.library.json_text import members


_DELIVERY: Final = "/delivery/"


@dataclass(frozen=True, slots=True)
class Index:
    """A cassette and its ways in; made once for all worlds that it is played in.

    `asked` are the recorded requests as they are matched, `roles` what they are. `makers` are the
    jobs by the places of their create calls, `about` the places by the ids of the jobs, `places`
    the jobs and roles by path, and `paths` whatever this cassette answers for, of these `hosts`.
    The `genuine` hosts, maybe patterns, lead here under their own names.
    """

    cassette: Cassette
    profile: Gateway
    asked: tuple[Asked, ...]
    roles: tuple[Seen, ...]
    jobs: Mapping[str, Job]
    makers: Mapping[int, Job]
    about: Mapping[str, tuple[int, ...]]
    places: Mapping[str, tuple[Role, Job]]
    paths: frozenset[str] = field(repr=False)
    hosts: frozenset[str] = field(repr=False)
    plain: Callable[[Request], str] = field(repr=False)
    genuine: Collection[str] = ()

    def job_made_by(self, place: int) -> Job | None:
        """The job that the create call at this place made, if its life could be distilled."""
        return self.makers.get(place)

    def places_of(self, job: Job) -> tuple[int, ...]:
        """The interactions that are about this job."""
        return self.about.get(job.id, ())

    def leads(self, url: str, origin: str) -> str:
        """Where an address that this cassette answers for leads whoever called us at `origin`.

        It stays as it is for those who called a genuine host, if its own is one; empty for an
        address of somebody else.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.netloc not in self.hosts:
            return ""
        path = self.plain(Request("GET", parts.path, headers=(("host", parts.netloc),)))
        if path not in self.paths:
            return ""
        called = urlsplit(origin).netloc, parts.netloc
        if all(among(netloc, self.genuine) for netloc in called):
            return url
        return origin + parts.path + (f"?{parts.query}" if parts.query else "")


def indexed(
    cassette: Cassette,
    profile: Gateway,
    plain: Callable[[Request], str],
    genuine: Collection[str] = (),
) -> Index:
    """The ways into `cassette`; `plain` tells the path that is left behind a base path."""

    def path_of(request: Request) -> str:
        return without_delivery(plain(request))

    asked = tuple(Asked(one.request, path_of(one.request)) for one in cassette.recorded)
    roles = roles_of(cassette, profile)
    jobs = {job.id: job for job in cassette.jobs}
    about: dict[str, list[int]] = {}
    for at, one in enumerate(roles):
        about.setdefault(one.id, []).append(at)
    places = dict(_places(cassette, roles, jobs, path_of))
    gets = (one.path for one in asked if one.request.method == "GET")
    return Index(
        cassette=cassette,
        profile=profile,
        asked=asked,
        roles=roles,
        jobs=jobs,
        # Of two jobs that claim one place, the first has it.
        makers={place: job for job in reversed(jobs.values()) for place in job.creates},
        about={identifier: tuple(found) for identifier, found in about.items()},
        places=places,
        paths=frozenset((*places, *gets)),
        hosts=frozenset(_hosts(cassette)),
        plain=path_of,
        genuine=genuine,
    )


def without_delivery(path: str) -> str:
    """The path of a file as it is at upstream's own host for files, whose mount puts it lower."""
    return path.removeprefix(_DELIVERY[:-1]) if path.startswith(_DELIVERY) else path


def _places(
    cassette: Cassette,
    roles: tuple[Seen, ...],
    jobs: Mapping[str, Job],
    path_of: Callable[[Request], str],
) -> Iterator[tuple[str, tuple[Role, Job]]]:
    """The paths by which each job is looked at, canceled and listened to."""
    for job in jobs.values():
        yield f"/predictions/{job.id}", (Role.LOOK, job)
        yield f"/predictions/{job.id}/cancel", (Role.CANCEL, job)
        for role, link in _links(job):
            told = Request("GET", link.path, headers=(("host", link.netloc),))
            yield path_of(told), (role, job)
    for one, seen in zip(cassette.recorded, roles, strict=True):
        if seen.id in jobs and seen.role in _LINKS.values():
            yield path_of(one.request), (seen.role, jobs[seen.id])


def _links(job: Job) -> Iterator[tuple[Role, SplitResult]]:
    """The addresses that a job tells of itself."""
    for state in job.states:
        links = members(members(state.body.get("data", state.body)).get("urls"))
        for name, role in _LINKS.items():
            url = links.get(name)
            if isinstance(url, str) and "://" in url:
                yield role, urlsplit(url)


def _hosts(cassette: Cassette) -> Iterator[str]:
    """Whom the cassette stands for."""
    yield from (one.request.header("host") for one in cassette.recorded)
    yield from (link.netloc for job in cassette.jobs for _, link in _links(job))


_LINKS: Final = {"get": Role.LOOK, "cancel": Role.CANCEL, "stream": Role.STREAM}
