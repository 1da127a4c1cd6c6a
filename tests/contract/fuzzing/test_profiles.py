"""How hard is looked, and what is remembered."""

from __future__ import annotations

from pathlib import Path

from hypothesis import Phase, settings

from mockserver.contract.fuzzing.profiles import PROFILES, searching


def test_profiles_look_harder_and_harder() -> None:
    """`dev`, `ci`, `deep`; none of them has a deadline, which a slow machine would miss."""
    examples = [PROFILES[name].max_examples for name in ("dev", "ci", "deep")]
    assert examples == sorted(set(examples))
    assert {one.deadline for one in PROFILES.values()} == {None}


def test_nothing_is_registered() -> None:
    """Whose tests we are imported into keeps the profile that they chose."""
    before = settings.get_current_profile_name()
    searching("deep")
    assert settings.get_current_profile_name() == before


def test_ci_remembers_nothing_and_others_do(tmp_path: Path) -> None:
    """The examples that failed, in a folder of their own."""
    assert searching("ci", kept=tmp_path).database is None
    assert searching("dev", kept=tmp_path).database is not None
    assert searching("dev").database is None


def test_a_search_shrinks_but_does_not_explain() -> None:
    """What it found it tells itself, and an explanation costs requests."""
    phases = searching("dev", 7).phases
    assert (Phase.shrink in phases, Phase.explain in phases) == (True, False)
    assert searching("dev", 7).max_examples == 7
