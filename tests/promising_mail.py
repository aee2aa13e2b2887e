"""How our pages promise a mail: what may not be read where no mail leaves."""

import re
from typing import Final

WAYS: Final = (
    r"\b(?:we|and|then) write\b(?! one such)",
    r"\bwrites? to you\b",
    r"\bwritten to\b",
    r"\ba mail (?:tells|does|with|went)\b",
    r"\bgets a mail\b",
    r"\bmail comes\b",
    r"\bby mail\b",
    r"\bin your mail\b",
    r"\bto your mail\b",
    r"\bthose of the mail\b",
    r"\bcomes to \S+@",
    r"\bsame went to \S+@",
    r"\bto \S+@\S+, (?:and|once)\b",
    r"\bmailed to you\b",
    r"\bif we shall send it\b",
    r"\bsend (?:it )?to (?:my|that) phone\b",
    r"\bsend me\b",
    r"\bwithout a mail\b",
)
PROMISES: Final = re.compile("|".join(WAYS), re.IGNORECASE)
