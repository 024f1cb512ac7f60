"""Pages of participants keep room, so that a row that is updated stays on its page.

Each page that somebody sends updates their row, and a look marks all of its cut. On the same page
that leaves most indexes alone, and the table gets smaller, not larger: what is in the way of full
pages is rows that were left behind. Rows that were there before move as they are written.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("responses", "0010_export_statement")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE responses_participant SET (fillfactor = 50)",
            "ALTER TABLE responses_participant RESET (fillfactor)",
        ),
    ]
