"""The heads and words of a spreadsheet of people, in the three languages.

Pure; read by people_sheet.py and by the template that is given out.
"""

import re
import unicodedata

NUMBER, NAME, IIN, BORN, ARRIVED = "number", "full_name", "iin", "born_on", "arrived_on"
ABILITY, WORKSHOP, POST, EMPLOYER = "ability", "workshop", "post", "employer"
PAY_FORM, HOURS, BASIS, FROM, UNTIL = "pay_form", "hours", "basis", "placed_from", "placed_until"
# A number that can stand in an address.
PERSONNEL_NUMBER = re.compile(r"\d[\w-]*")
PERSON_COLUMNS = (NAME, IIN, BORN, ARRIVED, ABILITY)
JOB_COLUMNS = (WORKSHOP, POST, EMPLOYER, PAY_FORM, HOURS, BASIS, FROM, UNTIL)
NEEDED_OF_PERSON = (NAME, BORN, ARRIVED)
NEEDED_OF_JOB = (WORKSHOP, POST, PAY_FORM, BASIS, FROM)
# The heads in the three languages; case, spaces and ё do not matter.
HEADS: dict[str, tuple[str, str, str]] = {
    NUMBER: ("Табельный номер", "Табель нөмірі", "Personnel number"),
    NAME: ("Фамилия, имя, отчество", "Тегі, аты, әкесінің аты", "Full name"),
    IIN: ("ИИН", "ЖСН", "IIN"),
    BORN: ("Дата рождения", "Туған күні", "Date of birth"),
    ARRIVED: ("Прибыл", "Келген күні", "Arrived on"),
    ABILITY: ("Трудоспособен", "Еңбекке қабілетті", "Able-bodied"),
    WORKSHOP: ("Цех", "Шеберхана", "Workshop"),
    POST: ("Рабочее место", "Жұмыс орны", "Post"),
    EMPLOYER: ("БИН работодателя", "Жұмыс берушінің БСН", "BIN of the employer"),
    PAY_FORM: ("Форма оплаты", "Ақы төлеу түрі", "Pay form"),
    HOURS: ("Часов в день", "Күніне сағат", "Hours a day"),
    BASIS: ("Договор или приказ", "Шарт немесе бұйрық", "Contract or order"),
    FROM: ("Работает с", "Жұмыс басталған күн", "Works from"),
    UNTIL: ("Последний день работы", "Жұмыстың соңғы күні", "Last day of work"),
}
ABLE, UNABLE, UNKNOWN = "able", "unable", "unknown"
ABILITIES = {
    **dict.fromkeys(("да", "трудоспособен", "иә", "қабілетті", "yes", "able"), ABLE),
    **dict.fromkeys(("нет", "нетрудоспособен", "жоқ", "қабілетсіз", "no", "unable"), UNABLE),
    **dict.fromkeys(("неизвестно", "белгісіз", "unknown"), UNKNOWN),
}
TIME, PIECE = "time", "piece"
PAY_FORMS = {
    **dict.fromkeys(("повременная", "повременно", "мерзімдік", "уақыт бойынша", "time"), TIME),
    **dict.fromkeys(("сдельная", "сдельно", "кесімді", "piece"), PIECE),
}


def folded(text: str) -> str:
    """A name as it is compared: small letters, one space, е for ё."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(plain.split())


HEAD_KEYS = {folded(head): key for key, heads in HEADS.items() for head in heads} | {
    folded("ФИО"): NAME,
    folded("Аты-жөні"): NAME,
}
