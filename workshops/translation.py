"""Names in three languages (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from workshops import models


@register(models.Trade)
class TradeTranslation(TranslationOptions):
    fields = ("name",)


@register(models.Workshop)
class WorkshopTranslation(TranslationOptions):
    fields = ("name",)


@register(models.Post)
class PostTranslation(TranslationOptions):
    fields = ("name",)


@register(models.ProductionSpace)
class ProductionSpaceTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(models.Product)
class ProductTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(models.ProductVersion)
class ProductVersionTranslation(TranslationOptions):
    fields = ("description", "materials", "dimensions")


@register(models.BillOfMaterialsLine)
class BillOfMaterialsLineTranslation(TranslationOptions):
    fields = ("name", "material")


@register(models.Operation)
class OperationTranslation(TranslationOptions):
    fields = ("name",)


@register(models.FloorReason)
class FloorReasonTranslation(TranslationOptions):
    fields = ("name",)
