"""Numbers and addresses of accounts, lines and machines: cards, IBAN, e-mail, telephone, IP and the like."""

import ipaddress
import re
from functools import partial

from ppdesk.data.pii.detector import Detector, guarded
from ppdesk.data.pii.shapes import form_of

# prefixes and lengths of the networks (ISO/IEC 7812-1; Visa, Mastercard, American Express, Diners,
# Discover, JCB, UnionPay, Maestro)
_CARD = (
    r"4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
    r"|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|6(?:011|5[0-9]{2}|4[4-9][0-9])[0-9]{12}"
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}|62[0-9]{14}|(?:5018|5020|5038|6304|6759|676[1-3])[0-9]{8,12}"
)
_CARD_SIGNED = (
    r"[2-6][0-9]{3}([ -])[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}|3[47][0-9]{2}[ -][0-9]{6}[ -][0-9]{5}".replace(
        "([ -])", "[ -]"
    )
)
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PAIR = "[0-9A-Fa-f]{2}"
_VIN_VALUES = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _luhn(text: str) -> bool:
    from stdnum import luhn

    return luhn.is_valid(re.sub(r"[ -]", "", text))


def _iban(text: str) -> bool:
    """Each country has one length, so words that follow an IBAN in groups of four are left off one by one."""
    from stdnum import iban

    groups = text.split(" ")
    return any(iban.is_valid("".join(groups[:end])) for end in range(len(groups), 0, -1))


def _imei(text: str) -> bool:
    from stdnum import imei

    return imei.is_valid(text)


def vin(text: str) -> bool:
    """North American vehicle number: check digit of 49 CFR 565.15 (ISO 3779 leaves it open)."""
    values = [int(sign) if sign.isdigit() else _VIN_VALUES.get(sign, -1) for sign in text.upper()]
    if len(values) != 17 or min(values) < 0 or text.isdigit():  # a maker's code has letters
        return False
    rest = sum(value * weight for value, weight in zip(values, _VIN_WEIGHTS, strict=True)) % 11
    return text[8].upper() == ("X" if rest == 10 else str(rest))


def telephone(text: str, region: str | None = None) -> bool:
    """Whether the numbering plan has it: in international form, or nationally in `region` (ISO 3166)."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def _ip6(text: str) -> bool:
    ipaddress.IPv6Address(text)
    return True


EMAIL = Detector(
    "email",
    "an e-mail address",
    r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}",
    "RFC 5321, the forms in use",
    (6,),
    prior=0.95,
    form_proves=True,
    embedded=True,
)
URL = Detector(
    "url",
    "a web address",
    r"(?:https?|ftp)://[^\s\"<>]{3,}|www\.[A-Za-z0-9-]+\.[^\s\"<>]{2,}",
    "RFC 3986, the forms in use",
    (14,),
    prior=0.9,
    embedded=True,
)
IP4 = Detector(
    "ip", "an IP address", rf"{_OCTET}(?:\.{_OCTET}){{3}}", "RFC 791", (15,), prior=0.9, embedded=True
)
IP6 = Detector(
    "ip",
    "an IP address",
    r"(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}",
    "RFC 4291",
    (15,),
    guarded(_ip6),
    chance=0.2,
    prior=0.5,
)
MAC = Detector(
    "mac",
    "a network device's address",
    rf"{_PAIR}(?::{_PAIR}){{5}}|{_PAIR}(?:-{_PAIR}){{5}}",
    "IEEE 802",
    (13,),
    prior=0.9,
    embedded=True,
)
CARD = Detector(
    "card",
    "a payment card number",
    f"{_CARD}|{_CARD_SIGNED}",
    "ISO/IEC 7812-1, Luhn; python-stdnum, luhn",
    (10,),
    guarded(_luhn),
    chance=0.1,
    prior=0.3,
    embedded=True,
)
IBAN = Detector(
    "iban",
    "an IBAN",
    r"[A-Za-z]{2}[0-9]{2}(?:[0-9A-Za-z]{11,30}|(?: [0-9A-Za-z]{4}){2,7}(?: [0-9A-Za-z]{1,3})?)",
    "ISO 13616, mod 97-10 and lengths by country; python-stdnum, iban",
    (10,),
    guarded(_iban),
    chance=1 / 97,
    prior=0.5,
    embedded=True,
)
IMEI = Detector(
    "imei",
    "a telephone's IMEI",
    form_of("999999999999999", "99-999999-999999-9"),
    "3GPP TS 23.003, Luhn; python-stdnum, imei",
    (13,),
    guarded(_imei),
    chance=0.105,
    prior=0.05,
)
VIN = Detector(
    "vin",
    "a vehicle identification number",
    r"[A-HJ-NPR-Za-hj-npr-z0-9]{17}",
    "49 CFR 565.15",
    (12,),
    guarded(vin),
    chance=0.1,
    prior=0.3,
)
PHONE = Detector(
    "phone",
    "a telephone number",
    r"\+[0-9](?:[ ()./-]{0,2}[0-9]){6,14}",
    "ITU E.164 and the numbering plans; phonenumbers",
    (4,),
    guarded(partial(telephone, region=None)),
    chance=0.2,
    prior=0.7,
    embedded=True,
)
# With a national form only the name of the column says whether it is one
PHONE_NATIONAL = Detector(
    "phone",
    "a telephone number",
    r"\(?0?[1-9](?:[ ()./-]{0,2}[0-9]){5,12}",
    "national forms",
    (4,),
    prior=0.02,
)
PHONE_NORTH_AMERICA = Detector(
    "phone",
    "a telephone number",
    r"(?:\+?1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])"
    r"[2-9][0-9]{2}[.-][0-9]{4}",
    "North American Numbering Plan",
    (4,),
    guarded(partial(telephone, region="US")),
    chance=0.6,
    prior=0.6,
    embedded=True,
)

DETECTORS = (
    EMAIL,
    URL,
    IP4,
    IP6,
    MAC,
    CARD,
    IBAN,
    IMEI,
    VIN,
    PHONE,
    PHONE_NORTH_AMERICA,
    PHONE_NATIONAL,
)
