"""Names in three languages (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from portal.accounts.models import Organisation


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("name", "address")
    required_languages = ("ru",)
