"""The statements that store a page.

Each locks the row, compares its revision, folds the answers in, appends the submission with its
paradata and drops the draft. No row back means that another request was faster; nothing was written
then.
"""

from responses.allocation import LINKED, POSITION

# The row is written before all else, which locks it and shows whether it was moved on meanwhile.
_FOLDED = """
    UPDATE responses_participant p SET revision = p.revision + 1, page = %(page)s::text,
        answers = p.answers || %(answers)s::jsonb, orders = p.orders || %(orders)s::jsonb,
        not_shown = %(not_shown)s::jsonb, tries = p.tries || %(tries)s::jsonb,
        last_seen_at = statement_timestamp()"""
_CONSENTED = """,
        consented_at =
            CASE WHEN %(consents)s::bool THEN statement_timestamp() ELSE p.consented_at END"""
_ENDED = """,
        awaits_exposure =
            %(shows_arm)s::bool AND p.exposed_at IS NULL AND %(state)s::text = 'answering',
        state = %(state)s::text, completion_code = %(code)s::text,
        ended_at = CASE WHEN %(state)s::text <> 'answering' THEN statement_timestamp() END,
        completed_at = CASE WHEN %(state)s::text = 'completed' THEN statement_timestamp() END"""
_MOVE = f"{_FOLDED}{_CONSENTED}{_ENDED}"
# Of who goes on answering nothing is said of an end: each column that is named costs, and most
# pages are theirs.
_ON = f"""{_FOLDED},
        awaits_exposure = %(shows_arm)s::bool AND p.exposed_at IS NULL"""
_UNMOVED = """
    WHERE p.id = %(id)s::bigint AND p.revision = %(revision)s::int AND p.state = 'answering'
        AND p.study_id IN (SELECT id FROM experiments_study WHERE status <> 'closed')"""
# Of who was not read again since the page was shown: theirs is the very row that was read then. It
# is found by its number; written with `=`, Postgres looked for the hash, whose index is larger.
_AS_SHOWN = """
        AND p.xmin = %(written)s::xid
        AND p.token_hash IS NOT DISTINCT FROM %(token_hash)s::bytea
        AND %(since)s::float8 =
            extract(epoch FROM greatest(p.last_seen_at, p.exposed_at))::float8"""
_MOVED = "\n    RETURNING p.id, p.revision"
_TIMED = """
), timed AS (
    INSERT INTO responses_paradata (participant_id, revision, page, seconds, facts)
    SELECT id, revision, %(sent_page)s::text,
        extract(epoch FROM statement_timestamp() - to_timestamp(%(since)s::float8)),
        %(paradata)s::jsonb
    FROM person WHERE %(paradata)s::jsonb IS NOT NULL"""
_DROPPED_ON = """
), dropped AS (
    DELETE FROM responses_draft d WHERE d.participant_id = (SELECT id FROM person)
        AND d.page = %(sent_page)s::text"""
_DROPPED = """
), dropped AS (
    DELETE FROM responses_draft d WHERE d.participant_id = (SELECT id FROM person)
        AND (d.page = %(sent_page)s::text OR %(state)s::text <> 'answering')"""
_APPENDED = """
INSERT INTO responses_submission (participant_id, revision, page, language, answers, received_at)
SELECT id, revision, %(sent_page)s::text, %(language)s::text, %(answers)s::jsonb, clock_timestamp()
FROM person
"""
_PERSON = f"WITH person AS ({_MOVE}{_UNMOVED}{_MOVED}{_TIMED}"
STORE = f"{_PERSON}{_DROPPED}\n){_APPENDED}"
STORE_AS_SHOWN = (
    f"WITH person AS ({_MOVE}{_UNMOVED}{_AS_SHOWN}{_MOVED}{_TIMED}{_DROPPED}\n){_APPENDED}"
)
# Of who goes on answering, and did not consent just now.
STORE_ON_AS_SHOWN = (
    f"WITH person AS ({_ON}{_UNMOVED}{_AS_SHOWN}{_MOVED}{_TIMED}{_DROPPED_ON}\n){_APPENDED}"
)
# Where there is no draft to drop. One that comes meanwhile is older than its page, which beats it.
STORE_ALONE = f"{_PERSON}\n){_APPENDED}"
# The page before the vignette: the position is taken, and the page stored, or neither. Who is given
# one goes on answering.
_GIVEN = f"{_ON}{_CONSENTED}, {LINKED}\n    FROM ledger{_UNMOVED}{_MOVED}"
_ALLOCATED = f"{POSITION}, person AS ({_GIVEN}{_TIMED}"
_POSITION = f"\n), sent AS ({_APPENDED})\nSELECT position FROM ledger, person"
ALLOCATE = f"{_ALLOCATED}{_DROPPED_ON}{_POSITION}"
ALLOCATE_ALONE = f"{_ALLOCATED}{_POSITION}"
