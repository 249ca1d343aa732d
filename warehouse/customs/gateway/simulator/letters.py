"""How an answer leaves customs: well, or as a fault would have it.

A spoiled letter is followed by the good one, as when customs sends again.
"""

from dataclasses import replace
from functools import cache
from random import Random

from warehouse.core import ids
from warehouse.customs.gateway import Answer, messages
from warehouse.customs.gateway.signing import Keys, self_signed
from warehouse.customs.gateway.simulator.faults import Fault


def written(answer: Answer, fault: Fault, keys: Keys, chance: Random) -> list[bytes]:
    """The letters that tell of *answer*, in the order in which they arrive."""
    good = messages.answer(answer, keys)
    match fault:
        case Fault.DUPLICATED:
            return [good] * chance.randint(2, 5)
        case Fault.CORRUPTED:
            return [_corrupted(good, chance), good]
        case Fault.WRONG_CHARSET:
            return [good.decode().encode("utf-16"), good]
        case Fault.WRONG_SIGNATURE:
            return [messages.answer(answer, _strangers_keys()), good]
        case Fault.WRONG_REFERENCE:
            nobodys = replace(
                answer,
                answer_id=f"stray-{answer.answer_id}",
                message_id=ids.new_id(),
                reference_number="9" * 13,
            )
            return [messages.answer(nobodys, keys), good]
        case _:
            return [good]


def _corrupted(letter: bytes, chance: Random) -> bytes:
    """*letter* with one byte of its signed text lost."""
    first, last = letter.index(b"<AnswerId>"), letter.index(b"</DateTime>")
    at = chance.randrange(first, last)
    return letter[:at] + letter[at + 1 :]


@cache
def _strangers_keys() -> Keys:
    private_key, certificate = self_signed("stranger")
    return Keys(private_key, certificate, peer=certificate)
