"""A catalogue with something to look at: parts, papers, two sellers, a product not sold."""

from datetime import date

from tests.orders.builders import an_entrepreneurs_offer
from tests.people import Cast
from workshops.models import BillOfMaterialsLine, Operation, Product, ProductPaper


def fill_the_shop(cast: Cast) -> None:
    """More parts and papers of the play corner; a bench of another seller; a guarded design."""
    _translate(cast)
    for number, (name, kazakh, quantity) in enumerate(
        [("Дастархан", "Дастарқан", 1), ("Пиалы", "Пиалалар", 12), ("Столик", "Үстелше", 2)], 2
    ):
        BillOfMaterialsLine.objects.create(
            version=cast.version,
            sequence=number,
            name_ru=name,
            name_kk=kazakh,
            material_ru="Берёза",
            material_kk="Қайың",
            size="60 × 60 × 45 см",
            quantity=quantity,
        )
    for kind, regulation, number, until in [
        ("certificate", "ТР ТС 008/2011", "KZ.7500.0001 (демо)", date(2028, 3, 1)),
        ("certificate", "ТР ТС 025/2012", "KZ.7500.0002 (демо)", date(2027, 6, 30)),
    ]:
        ProductPaper.objects.create(
            version=cast.version,
            kind=kind,
            regulation=regulation,
            number=number,
            issued_by="Орган по сертификации (демо)",
            issued_on=date(2025, 3, 1),
            valid_until=until,
        )
    an_entrepreneurs_offer(cast)
    guarded = an_entrepreneurs_offer(cast, code="valeo").version.product
    Product.objects.filter(pk=guarded.pk).update(
        name_ru="Конструктор Valeo",
        name_kk="Valeo құрастырғышы",
        summary_ru="2 500 деталей, каждая выточена отдельно",
        summary_kk="2 500 бөлшек, әрқайсысы жеке жасалған",
        audience="kindergarten",
        drawing="valeo",
        licence="by_permission",
        design_owner=cast.kindergarten,
    )


def _translate(cast: Cast) -> None:
    product, version = cast.product, cast.version
    product.summary_kk = "Шаңырақ, дастарқан, пиалалар"
    product.save()
    version.description_ru = (
        "Игровой уголок знакомит дошкольников с казахской культурой: шанырак, дастархан, "
        "маленькие пиалы и блюдца; столик и табуреты по росту детей."
    )
    version.description_kk = (
        "Ойын бұрышы мектеп жасына дейінгі балаларды қазақ мәдениетімен таныстырады: шаңырақ, "
        "дастарқан, кішкентай пиалалар мен тәрелкелер; үстел мен орындықтар бала бойына сай."
    )
    version.materials_kk = "Қайың"
    version.dimensions_kk = "120 × 120 см"
    version.age_from = 3
    version.save()
    BillOfMaterialsLine.objects.filter(version=version).update(
        name_kk="Шаңырақ", material_kk="Қайың"
    )
    for operation, name in ((cast.cutting, "Пішу"), (cast.painting, "Бояу")):
        Operation.objects.filter(pk=operation.pk).update(name_kk=name)
