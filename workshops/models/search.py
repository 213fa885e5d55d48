"""The words by which a product is found; written by triggers of the products' tables alone."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from workshops.models.products import ProductVersion


class ProductSearch(models.Model):
    """Name, summary, description, materials and parts of a version in all three languages.

    `words` are folded as portal.kernel.matching folds a query, for likeness; `document` is the
    same for the full text, Russian with its endings, Kazakh and English as they stand.
    """

    version = models.OneToOneField(
        ProductVersion, on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    words = models.TextField()
    document = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["document"], name="productsearch_document")]
