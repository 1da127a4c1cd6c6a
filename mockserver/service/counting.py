"""What a model counts while it runs, told among the metrics of a prediction that succeeded."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.core.timeline import Status
from mockserver.library.json_text import loads
from mockserver.library.models import Medium, Model, OutputKind
from mockserver.library.wording import prompt_tokens
from mockserver.service.predictions import Seen


def counted(model: Model, seen: Seen) -> Mapping[str, float]:
    """Pictures, or tokens and their pace; nothing before success, and nothing for other models.

    Source: metrics of upstream's predictions: `image_count`; `input_token_count` and its kin.
    """
    if seen.moment.status is not Status.SUCCEEDED:
        return {}
    if model.output_kind is OutputKind.CHUNKS:
        return _tokens(model, seen)
    if model.makes_files and model.medium is Medium.IMAGE:
        return {"image_count": seen.moment.outputs}
    return {}


def _tokens(model: Model, seen: Seen) -> Mapping[str, float]:
    given = loads(seen.created.input)
    count = seen.moment.outputs - (1 if model.grows else 0)
    found: dict[str, float] = {
        "input_token_count": prompt_tokens(given) if isinstance(given, Mapping) else 0,
        "output_token_count": count,
    }
    begun_ms = seen.moment.started_after_ms or 0
    ran_s = (seen.moment.after_ms - begun_ms) / 1000
    first = next(moment for moment in seen.moments if moment.outputs)
    if ran_s > 0:
        found["tokens_per_second"] = round(count / ran_s, 6)
    found["time_to_first_token"] = (first.after_ms - begun_ms) / 1000
    return found
