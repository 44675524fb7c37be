"""The database itself refuses to change a catalogue that is no draft any more, or its items, or to add one.

What stays possible: anything while it is a draft; fixed for a day -> draft or published; published -> retired.
"""

from django.db import migrations

from riskreport.ground.models.schema import refuse

COLUMNS = "key version line_id sector_id title title_en note published_on groups parts quantified".split()
CHANGED = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in COLUMNS)
ITEM_TEXT = "An item of a published catalogue is never changed: publish another version."
FIXED = "SELECT 1 FROM risks_catalogue WHERE id {catalogues} AND state <> 'draft'"


class Migration(migrations.Migration):
    dependencies = [("risks", "0001_initial")]

    operations = [
        refuse(
            table="risks_catalogue",
            name="never_changes",
            text="A published catalogue is never changed: publish another version.",
            when=f"""OLD.state <> 'draft' AND NOT (OLD.state = 'scheduled' AND NEW.state = 'draft') AND (
                NOT (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'retired')
                    OR (OLD.state = 'scheduled' AND NEW.state = 'published'))
                OR {CHANGED})""",
        ),
        refuse(
            table="risks_catalogueitem",
            name="never_changes",
            text=ITEM_TEXT,
            found=FIXED.format(catalogues="IN (OLD.catalogue_id, NEW.catalogue_id)"),
        ),
        refuse(
            table="risks_catalogueitem",
            name="never_added",
            text=ITEM_TEXT,
            event="INSERT",
            found=FIXED.format(catalogues="= NEW.catalogue_id"),
        ),
    ]
