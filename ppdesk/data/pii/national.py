"""National numbers of persons in 40 countries: shapes here, checks from python-stdnum (LGPL-2.1 or later).

`chance` is held against a measurement by a test: random texts of the shapes against the check. It is 1 where
the check lets running numbers or dates through, so that without the column's name nothing is claimed. Numbers
without a check digit are those of the US, the UK (NINO), Denmark (since 2007), Malaysia and India (PAN).
`prior` is higher where the shape itself says a lot.
"""

import importlib
import re
from dataclasses import dataclass
from functools import partial

from ppdesk.data.pii.detector import Detector, guarded
from ppdesk.data.pii.shapes import form_of

_PLAIN, _SIGNED = 0.03, 0.3  # prior of bare digits, and of a shape with signs or letters of its own


@dataclass(frozen=True)
class National:
    """A number of one country. `module` is python-stdnum's, empty for a check of our own."""

    country: str
    title: str
    module: str
    shapes: tuple[str, ...]
    chance: float
    prior: float = _PLAIN
    hipaa: int = 18
    proves: bool = False

    @property
    def key(self) -> str:
        return (
            f"national-{self.country.lower()}-{self.module.rpartition('.')[2] or self.title.lower()}".rstrip(
                "_"
            )
        )


def _asked(module: str, text: str) -> bool:
    return bool(importlib.import_module(f"stdnum.{module}").is_valid(text))


_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][0-9]{6}[A-D]")


def nino(text: str) -> bool:
    """UK National Insurance number: allowed prefixes and suffix (HMRC manual NIM39110). No check digit."""
    return bool(_NINO.fullmatch(re.sub(r"\s", "", text).upper()))


def medicare(text: str) -> bool:
    """Australian Medicare card: first digit 2 to 6, the ninth the weighted sum of eight, modulo 10."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    if len(digits) not in (10, 11) or not 2 <= digits[0] <= 6:
        return False
    total = sum(weight * digit for weight, digit in zip((1, 3, 7, 9, 1, 3, 7, 9), digits, strict=False))
    return total % 10 == digits[8]


_OWN = {"nino": nino, "medicare": medicare}

NATIONAL: tuple[National, ...] = (
    National("US", "US social security number", "us.ssn", ("999-99-9999",), 0.9, 0.6, 7, True),
    National("US", "US social security number without signs", "us.ssn", ("999999999",), 1.0, 0.01, 7),
    National("GB", "NINO", "", ("AA999999A", "AA 99 99 99 A"), 1.0, _SIGNED),
    National("GB", "NHS number", "gb.nhs", ("9999999999", "999 999 9999"), 1 / 11, _PLAIN, 8),
    National("DE", "German tax number (IdNr)", "de.idnr", ("99999999999", "99 999 999 999"), 0.01),
    National("FR", "French NIR", "fr.nir", ("999999999999999", "9 99 99 99 999 999 99"), 1 / 97),
    National("ES", "Spanish DNI", "es.dni", ("99999999A", "99999999-A"), 1 / 26, _SIGNED),
    National("ES", "Spanish NIE", "es.nie", ("X9999999A",), 0.004, _SIGNED),
    National("IT", "Italian codice fiscale", "it.codicefiscale", ("AAAAAA99A99A999A",), 0.02, 0.5),
    National("NL", "Dutch BSN", "nl.bsn", ("999999999",), 1 / 11),
    National(
        "SE", "Swedish personnummer", "se.personnummer", ("999999-9999", "99999999-9999"), 0.01, _SIGNED
    ),
    National("SE", "Swedish personnummer in digits", "se.personnummer", ("9999999999", "999999999999"), 0.01),
    National("FI", "Finnish HETU", "fi.hetu", ("999999-999X", "999999A999X"), 0.001, 0.5),
    National("NO", "Norwegian fødselsnummer", "no.fodselsnummer", ("99999999999",), 0.002),
    National("DK", "Danish CPR number", "dk.cpr", ("999999-9999",), 1.0, _SIGNED),
    National("DK", "Danish CPR number in digits", "dk.cpr", ("9999999999",), 1.0, 0.01),
    National("PL", "Polish PESEL", "pl.pesel", ("99999999999",), 0.02),
    National("BE", "Belgian national number", "be.nn", ("99999999999", "99.99.99-999.99"), 0.003),
    National("PT", "Portuguese NIF", "pt.nif", ("999999999",), 0.09),
    National("PT", "Portuguese citizen card", "pt.cc", ("999999999XX9",), 0.1, _SIGNED),
    National("CH", "Swiss AHV number", "ch.ssn", ("7569999999999", "756.9999.9999.99"), 0.1, 0.5),
    National("AT", "Austrian social insurance number", "at.vnr", ("9999999999", "9999 999999"), 0.09),
    National("IE", "Irish PPS number", "ie.pps", ("9999999A", "9999999AA"), 1 / 26, _SIGNED),
    National("CZ", "Czech or Slovak birth number", "cz.rc", ("999999/9999", "9999999999"), 0.02),
    National("RO", "Romanian CNP", "ro.cnp", ("9999999999999",), 0.003),
    National("BG", "Bulgarian EGN", "bg.egn", ("9999999999",), 0.02),
    National("HR", "Croatian OIB", "hr.oib", ("99999999999",), 0.105),
    National("SI", "EMŠO of Slovenia and its neighbours", "si.emso", ("9999999999999",), 0.006),
    National("EE", "Estonian or Lithuanian personal code", "ee.ik", ("99999999999",), 0.004),
    National("GR", "Greek AMKA", "gr.amka", ("99999999999",), 0.006),
    National("IS", "Icelandic kennitala", "is_.kennitala", ("9999999999", "999999-9999"), 0.002),
    National("TR", "Turkish identity number", "tr.tckimlik", ("99999999999",), 0.01),
    National("IL", "Israeli identity number", "il.idnr", ("999999999",), 0.105, 0.02),
    National("ZA", "South African identity number", "za.idnr", ("9999999999999",), 0.001),
    National("CA", "Canadian SIN", "ca.sin", ("999999999", "999-999-999", "999 999 999"), 0.085),
    National("AU", "Australian tax file number", "au.tfn", ("999999999", "999 999 999"), 1 / 11),
    National("AU", "Medicare", "", ("9999999999", "9999 99999 9"), 0.05, _PLAIN, 9),
    National("IN", "Indian Aadhaar", "in_.aadhaar", ("999999999999", "9999 9999 9999"), 0.085),
    National("IN", "Indian PAN", "in_.pan", ("AAAAA9999A",), 1.0, 0.4),
    National("JP", "Japanese My Number", "jp.in_", ("999999999999", "9999 9999 9999"), 0.105),
    National("KR", "Korean resident number", "kr.rrn", ("999999-9999999", "9999999999999"), 0.005),
    National("CN", "Chinese resident identity number", "cn.ric", ("99999999999999999X",), 0.001, 0.4),
    National("TH", "Thai identity number", "th.pin", ("9999999999999", "9-9999-99999-99-9"), 0.08),
    National("MY", "Malaysian NRIC", "my.nric", ("999999-99-9999",), 0.3, _SIGNED),
    National("BR", "Brazilian CPF", "br.cpf", ("99999999999", "999.999.999-99"), 0.012),
    National("CL", "Chilean RUT", "cl.rut", ("99999999-X", "99.999.999-X"), 0.03, _SIGNED),
    National("AR", "Argentinian CUIL", "ar.cuit", ("99-99999999-9",), 0.01, _SIGNED),
    National("MX", "Mexican CURP", "mx.curp", ("AAAA999999AAAAAAX9",), 0.001, 0.5),
)


def _detector(one: National) -> Detector:
    own = _OWN.get(one.title.lower())
    lone = one.chance <= 0.02 or one.prior >= 0.5  # few enough accidents to look for it in running text
    return Detector(
        key=one.key,
        title=f"{'a' if one.title[0] not in 'AEIO' else 'an'} {one.title}"
        if own is None
        else _CALLED[one.title],
        form=form_of(*one.shapes),
        source=f"python-stdnum, {one.module}" if own is None else "Own check, from the issuer's description",
        hipaa=(one.hipaa,),
        check=guarded(own if own is not None else partial(_asked, one.module)),
        chance=one.chance,
        prior=one.prior,
        country=one.country,
        form_proves=one.proves,
        embedded=lone and any(set(shape) - set("9AX") or len(shape) >= 11 for shape in one.shapes),
    )


_CALLED = {"NINO": "a UK National Insurance number", "Medicare": "an Australian Medicare number"}

DETECTORS: tuple[Detector, ...] = tuple(_detector(one) for one in NATIONAL)
