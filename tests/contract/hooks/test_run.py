"""What is sent in a case, and what is made of the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from examples.receiver import Inbox
from mockserver.contract.hooks import rules
from mockserver.contract.hooks.app import App
from mockserver.contract.hooks.cases import Case, Expect, Send
from mockserver.contract.hooks.judging import in_full
from mockserver.contract.hooks.reaching import Answer, CalledReceiver
from mockserver.contract.hooks.run import UNSEEN
from mockserver.contract.outcome import Outcome
from mockserver.core.signature import ID, TIMESTAMP, verify
from tests.contract.hooks.receivers import CASES, SECRET, Constant, trial_of, tried


if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.contract.hooks.reaching import Meanwhile
    from mockserver.contract.hooks.story import Story
    from mockserver.core.letter import Letter


class Scripted(Constant):
    """Answers what it is told to, one after the other."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(200)
        self.answers = list(answers)

    def __call__(self, letter: Letter, meanwhile: Meanwhile | None = None) -> Answer:
        """The next answer; 200 behind the last."""
        told = super().__call__(letter, meanwhile)
        return self.answers.pop(0) if self.answers else told


def case(*sends: Send) -> Case:
    """A case of these."""
    return Case("mine", "as I like it", rules.RIGHT_IS_TAKEN, sends)


def test_a_webhook_is_signed_for_the_time_at_which_it_is_sent(story: Story) -> None:
    """With the secret that was given."""
    receiver = Constant(200)
    trial = replace(trial_of(receiver, story), now_ms=lambda: 5_000_000)
    trial.result(CASES["valid"])
    for letter in receiver.heard:
        assert letter.header(TIMESTAMP) == "5000"
        verify([SECRET], dict(letter.headers), letter.body, now_ms=5_000_000)


def test_a_duplicate_has_the_same_id_and_is_another_prediction_in_another_case(
    story: Story,
) -> None:
    """What one case leaves behind does not disturb the next."""
    receiver = Constant(200)
    trial = trial_of(receiver, story)
    for name in ("duplicate", "valid"):
        trial.result(CASES[name])
    _control, first, again, other = (letter.header(ID) for letter in receiver.heard)
    assert first == again != other


def test_what_a_job_does_not_tell_is_not_sent(story: Story) -> None:
    """A picture is there at the end, so that nothing tells of its output before."""
    result = trial_of(Constant(200), story).result(CASES["every-event"])
    assert [one.send.event for one in result.sent] == ["start", "logs", "completed"]
    lacking = trial_of(Constant(200), story).result(case(Send("output", Expect.TAKEN)))
    assert (lacking.outcome, lacking.reason) == (Outcome.SKIPPED, "this job has no output")


def test_the_end_is_sent_again_where_it_was_not_taken(story: Story) -> None:
    """As upstream does; no other event is, and what a fault spoiled is not."""
    receiver = Scripted(*(Answer(status, 1) for status in (200, 503, 409, 200)))
    sends = (Send("start"), Send("completed"))
    result = trial_of(receiver, story).result(
        replace(case(*sends), rule=rules.ORDER_DOES_NOT_MATTER, ends=rules.ORDER_DOES_NOT_MATTER)
    )
    told = [(one.send.event, str(one.answer)) for one in result.sent]
    assert told == [("start", "503"), ("completed", "409"), ("completed", "200")]


def test_who_was_told_of_the_prediction_before_may_refuse_strangers(story: Story) -> None:
    """An app that takes only its own predictions can be tested: it is told of each."""
    known: list[object] = []

    def receive(_headers: Mapping[str, str], body: bytes) -> int:
        return 200 if any(str(one).encode() in body for one in known) else 404

    app = App(created=lambda prediction: known.append(prediction["id"]))
    trial = trial_of(CalledReceiver(receive), story, app)
    assert trial.result(CASES["valid"]).outcome is Outcome.PASSED
    assert trial.result(CASES["before-create"]).sent[0].answer == Answer(404, 0)


def test_a_slow_sender_goes_on_when_the_others_were_answered(story: Story) -> None:
    """The second half of its body comes last."""
    heard: list[str] = []

    class Slow(Constant):
        """Notes when a letter was there as a whole."""

        def __call__(self, letter: Letter, meanwhile: Meanwhile | None = None) -> Answer:
            """Behind what came meanwhile."""
            answer = super().__call__(letter, meanwhile)
            heard.append("slow" if meanwhile else "whole")
            return answer

    result = trial_of(Slow(200), story).result(CASES["slow"])
    assert (result.outcome, heard) == (Outcome.PASSED, ["whole", "whole", "slow"])


def test_who_takes_its_time_is_told_so(story: Story) -> None:
    """More than five seconds is a `should`."""
    late = Scripted(Answer(200, 1), Answer(200, 5_001))
    (found,) = trial_of(late, story).result(CASES["valid"]).findings
    assert (found.code, found.severity, found.seen) == ("H110", "should", "5.0 s")
    in_time = Scripted(Answer(200, 1), Answer(200, 5_000))
    assert trial_of(in_time, story).result(CASES["valid"]).findings == ()


def test_a_redirect_is_neither_taken_nor_refused(story: Story) -> None:
    """Webhooks follow none, and a forgery has to be told that it is one."""
    trial = trial_of(Constant(302, first=200), story)
    for name, code in (("valid", "H101"), ("wrong-secret", "H102")):
        (found,) = trial.result(CASES[name]).findings
        assert (found.code, found.seen) == (code, "302")


def test_who_fails_over_a_forgery_did_not_take_it(story: Story) -> None:
    """That is another rule, and only a `should`."""
    (found,) = trial_of(Constant(500, first=200), story).result(CASES["wrong-secret"]).findings
    assert (found.code, found.severity) == ("H111", "should")


def test_who_hangs_up_on_a_huge_body_has_answered(story: Story) -> None:
    """Silence is none."""
    hung_up, silent = Answer(None, 1, "reset", hung_up=True), Answer(None, 1, "it took too long")
    huge = replace(CASES["huge"], sends=CASES["huge"].sends[:1])
    for answer, codes in ((hung_up, []), (silent, ["H111"])):
        trial = trial_of(Scripted(Answer(200, 1), answer), story)
        assert [found.code for found in trial.result(huge).findings] == codes


def test_what_nobody_can_see_is_said(story: Story) -> None:
    """Whether a duplicate is harmless shows in what the app believes alone."""
    result = trial_of(Constant(200), story).result(CASES["duplicate"])
    assert (result.outcome, result.reason) == (Outcome.PASSED, UNSEEN)


def test_a_finding_tells_the_end_it_saw_and_the_one_it_expected(story: Story) -> None:
    """And after which events."""

    class Last(Inbox):
        """Believes the last."""

        def learn(self, prediction: Mapping[str, object]) -> None:
            """Whatever it was."""
            self.jobs[str(prediction["id"])] = {"status": prediction["status"]}

    (found,) = tried(Last(SECRET), story).result(CASES["completed-before-start"]).findings
    assert (found.expected, found.seen) == ({"status": "succeeded"}, {"status": "starting"})
    assert found.at == "case completed-before-start: completed → start"
    assert "H109 (must)" in in_full(found)
