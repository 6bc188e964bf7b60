from django.db import migrations

# A calendar names the room of a date, and a map of the site lists it.
CREATE = """
CREATE CONSTRAINT TRIGGER agenda_change AFTER INSERT OR UPDATE OR DELETE ON maisons_salle
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portail_agenda_change();
"""


class Migration(migrations.Migration):
    dependencies = [("portail", "0003_versionagenda_declencheurs")]
    operations = [migrations.RunSQL(CREATE, "DROP TRIGGER agenda_change ON maisons_salle")]
