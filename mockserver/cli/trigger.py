"""`mockserver trigger`: one webhook by hand, as the fake would post it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from mockserver.cli.hooks import SECRET_VARIABLE
from mockserver.cli.output import Failure, data_needed, document, json_option, say
from mockserver.contract.budget import MODEL


if TYPE_CHECKING:
    from mockserver.contract.hooks.reaching import Answer, HttpReceiver
    from mockserver.core.letter import Letter, Seal
    from mockserver.stories import Teller

_EVENTS: Final = {
    "start": ("start", "happy"),
    "output": ("output", "happy"),
    "logs": ("logs", "happy"),
    "completed": ("completed", "happy"),
    "succeeded": ("completed", "happy"),
    "failed": ("completed", "failed"),
    "canceled": ("completed", "canceled"),
    "aborted": ("completed", "aborted"),
}
"""Which webhook of which scenario each word asks for."""

REFUSED: Final = 1
_AGO_MS: Final = 60_000
"""How long ago the job began of which something is told now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    event: str
    to: str
    secret: str
    prediction_id: str
    model: str
    seed: int
    fault: str
    as_json: bool


@click.command()
@click.argument("event", type=click.Choice(list(_EVENTS)))
@click.option("--to", default="", metavar="URL", help="Who gets it; without, it is printed.")
@click.option(
    "--secret",
    envvar=SECRET_VARIABLE,
    default="",
    metavar="whsec_…",
    help=f"What it is signed with; better in the environment: {SECRET_VARIABLE}.",
)
@click.option(
    "--id", "prediction_id", default="", help="Which prediction it tells of; by default a new one."
)
@click.option("--model", default=MODEL, show_default=True, help="Whose job it tells of.")
@click.option("--seed", default=0, show_default=True, help="What the job's ids are drawn from.")
@click.option("--fault", default="", help="What spoils it, such as hook.old_timestamp.")
@json_option
@click.pass_context
def trigger(ctx: click.Context, /, **options: Any) -> None:
    """Send one webhook of a job: EVENT, or the end with this status.

    Exit code 0: it was taken, or printed. 1: the answer was not 2xx. 2: nobody answers.
    """
    asked = Asked(**options)
    with data_needed():
        from mockserver.contract.hooks.reaching import HttpReceiver
        from mockserver.stories import telling

        receiver = HttpReceiver(asked.to) if asked.to else None
        with telling() as teller:
            # Its files can be fetched as long as the answer is waited for.
            letter = _letter(asked, teller)
            answer = _sent(receiver, letter) if receiver else None
    (_document if asked.as_json else _print)(letter, answer)
    if answer is not None and not answer.taken:
        ctx.exit(REFUSED)


def _letter(asked: Asked, teller: Teller) -> Letter:
    """The webhook, sealed for now. Raises `LibraryError` for what there is not."""
    from mockserver.contract.hooks.letters import letter_of, spoiling
    from mockserver.contract.hooks.story import HOOK, Job
    from mockserver.core.clock import wall_ms

    event, scenario = _EVENTS[asked.event]
    now_ms = wall_ms()
    job = Job(
        model=asked.model,
        scenario=scenario,
        seed=asked.seed,
        events=(event,),
        webhook=asked.to or HOOK,
        begins_ms=now_ms - _AGO_MS,
    )
    story = teller.story(job)
    if asked.prediction_id:
        story = story.told_of(asked.prediction_id)
    if event not in story:
        raise Failure(f"{asked.model} tells no {event}")
    fault = spoiling(asked.fault) if asked.fault else None
    return letter_of(story.part(event), _seal(asked), now_ms, fault, asked.seed)


def _seal(asked: Asked) -> Seal:
    from mockserver.contract.hooks.letters import drawn_secret, seal_of

    if asked.secret:
        return seal_of(asked.secret, asked.seed)
    made_up = drawn_secret(asked.seed)
    say(f"signed with {made_up}; --secret signs with yours")
    return seal_of(made_up, asked.seed)


def _sent(receiver: HttpReceiver, letter: Letter) -> Answer:
    answer = receiver(letter)
    if not answer.reached:
        raise Failure(f"nobody answers at {receiver.url} ({answer.why}): start the receiver first")
    return answer


def _print(letter: Letter, answer: Answer | None) -> None:
    """What was answered; where nobody was asked, the webhook itself."""
    if answer is not None:
        click.echo(f"{answer} in {answer.took_ms} ms")
        return
    for name, value in letter.headers:
        click.echo(f"{name}: {value}")
    click.echo()
    click.echo(letter.body)


def _document(letter: Letter, answer: Answer | None) -> None:
    asked = {"headers": dict(letter.headers), "body": letter.body.decode(errors="replace")}
    told = {"status": answer.status, "why": answer.why, "ms": answer.took_ms} if answer else {}
    document({**asked, **told})
