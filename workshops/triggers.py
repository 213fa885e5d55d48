"""Triggers that keep the words by which a product is found (models/search.py) true.

The function they call is created by the migration that creates the table.
"""

import pgtrigger

WRITTEN = pgtrigger.Insert | pgtrigger.Update

INDEX_PRODUCT = pgtrigger.Trigger(
    name="product_is_found",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    func="""
    PERFORM workshops_index_versions(
      ARRAY(SELECT v.id FROM workshops_productversion v WHERE v.product_id = NEW.id));
    RETURN NULL;
    """,
)
INDEX_VERSION = pgtrigger.Trigger(
    name="version_is_found",
    when=pgtrigger.After,
    operation=WRITTEN,
    func="PERFORM workshops_index_versions(ARRAY[NEW.id]); RETURN NULL;",
)
INDEX_PART = pgtrigger.Trigger(
    name="part_is_found",
    when=pgtrigger.After,
    operation=WRITTEN,
    func="PERFORM workshops_index_versions(ARRAY[NEW.version_id]); RETURN NULL;",
)
# A version that is removed with its parts must not be written down again.
FORGET_PART = pgtrigger.Trigger(
    name="part_is_forgotten",
    when=pgtrigger.After,
    operation=pgtrigger.Delete,
    func="""
    PERFORM workshops_index_versions(
      ARRAY(SELECT s.version_id FROM workshops_productsearch s
            WHERE s.version_id = OLD.version_id));
    RETURN NULL;
    """,
)
