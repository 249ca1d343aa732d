"""Acting as somebody of the world's desk, for what has no scanner."""

from dataclasses import replace

from tests.scenarios.world import World
from warehouse.access.vocabulary import Role
from warehouse.core.work import Actor, Work


def actor(world: World, role: Role, name: str, premises: str = "BW-BKK-01") -> Actor:
    """*name* of *premises*, as a route would know them."""
    person = world.colleague(role, name, premises).person
    return Actor(person.username, role, id=person.id, premises_id=person.premises_id)


def by(world: World, work: Work, role: Role, name: str, premises: str = "BW-BKK-01") -> Work:
    """The same transaction, in *name*'s name."""
    return replace(work, actor=actor(world, role, name, premises))
