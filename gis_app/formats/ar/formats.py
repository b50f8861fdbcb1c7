"""Arabic as it is read in Saudi offices: Latin digits, 1,234.5; the Gregorian date with its م."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
DATE_FORMAT = "j F Yم"
SHORT_DATE_FORMAT = "j F Yم"  # not with slashes: they turn around inside Arabic text
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Yم"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Yم، H:i"
SHORT_DATETIME_FORMAT = "j F Yم، H:i"
FIRST_DAY_OF_WEEK = 0  # Sunday
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"]
