"""A draft knows the revision in which it was typed, so that reading a participant asks no more.

Before, each read of a page asked whether the draft's page was sent since. Drafts that were left over
so go now; what remains is kept as it is: it has no revision, so it is shown whatever the revision.
"""

from django.db import migrations, models

ONLINE = {
    "rows changed": "drafts alone that nobody is shown, since their pages were sent while they were"
    " being saved: few, and nobody waits for them"
}
# Drafts are read with each page: the table is not to be held until those are found.
COLUMN = "ALTER TABLE responses_draft ADD COLUMN IF NOT EXISTS revision integer NULL"
OVERTAKEN = """
DELETE FROM responses_draft d WHERE EXISTS (
    SELECT FROM responses_submission sent WHERE sent.participant_id = d.participant_id
        AND sent.page = d.page AND sent.received_at > d.saved_at)
"""


class Migration(migrations.Migration):
    # Each statement is a transaction of its own, and may be done twice.
    atomic = False
    dependencies = [("responses", "0031_lists_in_order")]

    operations = [
        migrations.RunSQL(
            COLUMN,
            "ALTER TABLE responses_draft DROP COLUMN IF EXISTS revision",
            [migrations.AddField("draft", "revision", models.IntegerField(null=True))],
        ),
        migrations.RunSQL(OVERTAKEN, migrations.RunSQL.noop),
    ]
