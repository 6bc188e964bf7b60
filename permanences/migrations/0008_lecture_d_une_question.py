import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

KEY = {"db_constraint": False, "null": True, "on_delete": django.db.models.deletion.DO_NOTHING}


class Migration(migrations.Migration):
    dependencies = [("permanences", "0007_question_a_un_elu")]
    operations = [
        migrations.AlterField(
            "lecture",
            "rendez_vous",
            models.ForeignKey(to="permanences.rendezvous", related_name="lectures", **KEY),
        ),
        migrations.AddField(
            "lecture",
            "question",
            models.ForeignKey(to="permanences.questionelu", related_name="lectures", **KEY),
        ),
        migrations.AddConstraint(
            "lecture",
            models.CheckConstraint(
                name="lecture_d_une_chose",
                condition=Q(rendez_vous=None, question__isnull=False)
                | Q(rendez_vous__isnull=False, question=None),
            ),
        ),
    ]
