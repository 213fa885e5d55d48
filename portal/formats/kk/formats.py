"""Formats of Kazakh, which Django lacks (documents.md §1.9); read by Django through FORMAT_MODULE_PATH."""

DATE_FORMAT = "Y\N{NO-BREAK SPACE}жылғы j\N{NO-BREAK SPACE}E"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y\N{NO-BREAK SPACE}жылғы j\N{NO-BREAK SPACE}E, H:i"
YEAR_MONTH_FORMAT = "Y\N{NO-BREAK SPACE}жылғы F"
MONTH_DAY_FORMAT = "j\N{NO-BREAK SPACE}E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
NUMBER_GROUPING = 3
