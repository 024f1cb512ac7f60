"""No key of a session, no address and no browser of who logged in is left from before."""

from django.db import migrations

FORGET = [
    # Nobody can be let in by these any more: sessions are found by a hash of their key.
    "DELETE FROM django_session",
    "DELETE FROM axes_accessattempt",
    "UPDATE axes_accesslog SET ip_address = NULL, user_agent = '', http_accept = ''",
]
ONLINE = {
    "rows changed": "tables of the desk alone, which no participant's request comes to, of as many"
    " rows as there were logins"
}


class Migration(migrations.Migration):

    dependencies = [
        ('responses', '0028_corrections'),
        ('axes', '0010_accessattemptexpiration'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
