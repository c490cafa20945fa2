"""*Sounds like me?* and *My job today is …*: asked once a result, for better questions; shown to nobody."""

from __future__ import annotations

from commands import result
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Card, Element, View, heading, quiet
from content.outcomes import Outcome
from content.text import Text, _
from storage import opinions
from storage.opinions import Fits, Job, Opinion

FITS: dict[Fits, Text] = {
    Fits.YES: _("Sounds like me"),
    Fits.PARTLY: _("Partly"),
    Fits.NO: _("Not me"),
}
THANKS: dict[Fits, Text] = {
    Fits.YES: _("You said that this sounds like you. Thank you."),
    Fits.PARTLY: _("You said that this partly sounds like you. Thank you."),
    Fits.NO: _("You said that this is not you. Thank you; what you know of yourself counts more."),
}
OTHER_JOBS: dict[Job, Text] = {Job.OTHER: _("Something else"), Job.UNSAID: _("Rather not say")}


@action("result.fits")
async def fits(ctx: Context, result_id: int, fits: Fits) -> View:
    """Keeps the answer and asks for the job, which may be left unsaid."""
    stored = await result.mine(ctx, result_id)
    await ctx.store.write(opinions.record, ctx.me, stored.id, fits)
    said = await ctx.store.read(opinions.find, ctx.me, stored.id)
    if said is not None and said.job is not None:
        return await result.draw(ctx, stored)
    return ask_job(stored.id, said.fits if said else fits)


@action("result.job")
async def job(ctx: Context, result_id: int, job: Job) -> View:
    stored = await result.mine(ctx, result_id)
    await ctx.store.write(opinions.set_job, ctx.me, stored.id, job)
    return await result.draw(ctx, stored)


def ask_job(result_id: int, said: Fits) -> Card:
    """What it is for is said before anything is answered."""
    tracks = [Button(outcome.name_only, job(result_id, Job(outcome.value))) for outcome in Outcome]
    others = [Button(label, job(result_id, each)) for each, label in OTHER_JOBS.items()]
    return Card(
        _("My job today is …"),
        (
            THANKS[said],
            _("If you like, say what your own job is today. Which of these comes nearest?"),
            quiet(
                _(
                    "It is only counted, together with your answers, to improve the questions; nobody here sees it,"
                    " and it is deleted with everything else of yours."
                )
            ),
        ),
        (*tracks, *others, Button(_("My result"), result.show(result_id))),
    )


def asked_or_thanked(result_id: int, opinion: Opinion | None, *, asks: bool) -> list[Element]:
    """On the result's card: the question with its three buttons, or the thanks for its answer."""
    if opinion is not None:
        return [quiet(THANKS[opinion.fits])]
    if not asks:
        return []
    buttons = tuple(Button(label, fits(result_id, each)) for each, label in FITS.items())
    return [heading(_("Does this sound like you?")), Buttons(buttons)]
