"""Runs the making of a bundle, and says in its row how it went."""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from analysis.bundle.making import Made, write_bundle
from analysis.models import Bundle
from experiments.refusals import Refused
from experiments.said import said
from responses.export.kept import make_room
from responses.export.limits import TooLargeForFormatError
from responses.export.reconciliation import NotReconciledError
from responses.export.stating import state
from responses.models import Erasure

logger = logging.getLogger(__name__)

Step = Bundle.Step
WITHDREW = said("Somebody withdrew while it was made, and must not be in it: ask for it again.")
GAVE_OUT = said("The database or the disk gave out. Ask for it again; the log says more.")


class NotMadeError(Exception):
    """A bundle that was not made; the message says why, and what to do."""


def make_bundle(
    *, bundle: Bundle, path: Path, told: Callable[[str], None] = lambda step: None
) -> Made:
    """Makes the file of that path, and says in the bundle's row how far it is, and how it went.

    `told` hears each step too. NotMadeError.
    """
    number = f"{bundle.export.study_id}-{bundle.export_id}-{secrets.token_hex(4)}"
    begun = _erasures(bundle)
    try:
        # A withdrawal deletes the folder: it begins with the study's number.
        work = make_room() / number
        made = write_bundle(bundle=bundle, path=path, work=work, tell=partial(_tell, bundle, told))
    except (Refused, NotReconciledError, TooLargeForFormatError) as refused:
        raise _failed(bundle, str(refused)) from None
    except (DatabaseError, psycopg.Error, OSError) as error:
        why = WITHDREW if _erasures(bundle) > begun else GAVE_OUT
        logger.exception("The bundle %s of %s broke off.", bundle, bundle.export.study)
        raise _failed(bundle, why) from error
    except Exception:
        _failed(bundle, GAVE_OUT)
        raise
    if _erasures(bundle) > begun:
        path.unlink(missing_ok=True)
        raise _failed(bundle, WITHDREW)
    _finish(bundle, made)
    return made


def _erasures(bundle: Bundle) -> int:
    return Erasure.objects.filter(study=bundle.export.study_id).count()


def _tell(bundle: Bundle, told: Callable[[str], None], step: str) -> None:
    told(step)
    Bundle.objects.filter(pk=bundle.pk).update(step=step, told_at=Now())


def _failed(bundle: Bundle, why: str) -> NotMadeError:
    Bundle.objects.filter(pk=bundle.pk).update(step=Step.FAILED, told_at=Now(), problem=why)
    return NotMadeError(why)


@transaction.atomic
def _finish(bundle: Bundle, made: Made) -> None:
    row = Bundle.objects.select_for_update().get(pk=bundle.pk)
    # A worker that was given the message twice made the same bytes.
    if row.step != Step.MADE:
        state(export=bundle.export, counts=made.written.counts, rows=made.written.rows)
    row.step, row.sha256, row.size = Step.MADE, made.sha256, made.size
    row.save(update_fields=["step", "sha256", "size"])
