from django.db import migrations, models
from portal.kernel import batches

# Everything the catalogue and the page of a product read. A test compares it with what they ask.
TABLES = (
    "accounts_organisation",
    "accounts_organisationtaxstatus",
    "accounts_vatrate",
    "workshops_billofmaterialsline",
    "workshops_designpermission",
    "workshops_institution",
    "workshops_product",
    "workshops_productoffer",
    "workshops_productpaper",
    "workshops_productversion",
    "workshops_workshop",
    "workshops_workshopoperator",
)
# Deferred to the end of the transaction: the row is locked for a moment only, and two who change
# the catalogue in another order cannot block each other.
CREATE = """
CREATE FUNCTION workshops_renew_catalogue_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO workshops_cataloguestamp (id, value, changed_by)
  VALUES (1, gen_random_uuid(), txid_current())
  ON CONFLICT (id) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by
  WHERE workshops_cataloguestamp.changed_by <> excluded.changed_by;
  RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE CONSTRAINT TRIGGER renew_catalogue_stamp AFTER INSERT OR UPDATE OR DELETE ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workshops_renew_catalogue_stamp();
"""
    for table in TABLES
)
DROP = "DROP FUNCTION workshops_renew_catalogue_stamp() CASCADE"


class Migration(batches.Migration):

    dependencies = [
        ('accounts', '0001_users_organisations_roles'),
        ('workshops', '0006_find_products'),
    ]

    operations = [
        migrations.CreateModel(
            name='CatalogueStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.UUIDField()),
                ('changed_by', models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
