"""Second factors are kept encrypted or hashed; codes of who withdrew are never edited."""

from django.db import migrations

from experiments.second_factors import hashed, sealed

GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON responses_withdrawncode
    FOR EACH ROW EXECUTE FUNCTION coprod_refuse_change();
"""


def keep_secret(apps, schema_editor):
    """Writes each as it is stored from now on."""
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.all():
        device.key = sealed(device.key)
        device.save(update_fields=["key"])
    for code in apps.get_model("otp_static", "StaticToken").objects.all():
        code.token = hashed(code.token)
        code.save(update_fields=["token"])


class Migration(migrations.Migration):

    dependencies = [
        ('responses', '0021_flagged_revision'),
        ('otp_totp', '0003_add_timestamps'),
        ('otp_static', '0003_add_timestamps'),
    ]

    operations = [
        migrations.RunPython(keep_secret, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, "DROP TRIGGER append_only ON responses_withdrawncode"),
    ]
