"""Names in three languages (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from inmates.models import EarningKind, PaymentCode, Reason


@register(Reason)
class ReasonTranslation(TranslationOptions):
    fields = ("name",)


@register(EarningKind)
class EarningKindTranslation(TranslationOptions):
    fields = ("name",)


@register(PaymentCode)
class PaymentCodeTranslation(TranslationOptions):
    fields = ("name", "recipient")
