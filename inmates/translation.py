"""Names in three languages (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from inmates.models import Reason


@register(Reason)
class ReasonTranslation(TranslationOptions):
    fields = ("name",)
