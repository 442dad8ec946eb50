"""What was recorded never changes: rules of the database itself."""

from django.db import migrations

from hengzhi.spine.immutable import lay, lift


class Migration(migrations.Migration):
    dependencies = [("hengzhi", "0001_house")]

    operations = [
        migrations.RunPython(lambda apps, editor: lay(editor.connection), lambda apps, editor: lift(editor.connection)),
    ]
