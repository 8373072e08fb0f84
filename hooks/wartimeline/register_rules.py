"""The rules for registers: how their records fit together.

Each rule is a generator of problems and its docstring is the rule.
"""

from collections.abc import Iterator
from typing import Any

from wartimeline.catalogue import Catalogue, Register
from wartimeline.problems import Problem, suggest
from wartimeline.records import Actor, Place


def check_registers(catalogue: Catalogue) -> Iterator[Problem]:
    """Registers have unique ids, are sorted by id, and form trees without cycles."""
    for register in (catalogue.places, catalogue.actors, catalogue.outlets):
        yield from _check_order(register)
    for tree in (catalogue.places, catalogue.actors):
        yield from _check_parents(tree)


def check_sides(catalogue: Catalogue) -> Iterator[Problem]:
    """The side of every actor is one of the sides in the settings."""
    sides = [side.id for side in catalogue.settings.sides]
    for index, actor in catalogue.actors.written.items():
        if actor.side not in sides:
            message = f"unknown side '{actor.side}'"
            hint = suggest(actor.side, sides) or f"the sides are {', '.join(sides)}"
            yield catalogue.actors.raw.problem((index, "side"), "side-unknown", message, hint)


def check_organs(catalogue: Catalogue) -> Iterator[Problem]:
    """The actor whose organ an outlet is stands in the register of actors."""
    for index, outlet in catalogue.outlets.written.items():
        actor = outlet.organ_of
        if actor is not None and not catalogue.actors.may_have(actor):
            message = f"unknown actor '{actor}'"
            hint = (
                suggest(actor, catalogue.actors.by_id) or f"add it to {catalogue.actors.raw.path}"
            )
            location = (index, "organ_of")
            yield catalogue.outlets.raw.problem(location, "actor-unknown", message, hint)


def _check_order(register: Register[Any]) -> Iterator[Problem]:
    before, seen = "", set[str]()
    for index, record in register.written.items():
        if record.id in seen:
            message = f"'{record.id}' is written twice"
            yield register.raw.problem((index, "id"), "id-duplicate", message)
        elif record.id < before:
            message = f"'{record.id}' stands after '{before}'"
            yield register.raw.problem((index, "id"), "register-order", message)
        seen.add(record.id)
        before = max(before, record.id)


def _check_parents(register: Register[Place] | Register[Actor]) -> Iterator[Problem]:
    parents = {record.id: record.part_of for record in register.by_id.values()}
    known = register.ids or frozenset()
    for index, record in register.written.items():
        location = (index, "part_of")
        if record.part_of is not None and record.part_of not in known:
            message = f"unknown '{record.part_of}'"
            hint = suggest(record.part_of, known)
            yield register.raw.problem(location, "part-of-unknown", message, hint)
        chain, above = {record.id}, record.part_of
        while above is not None and above not in chain:
            chain.add(above)
            above = parents.get(above)
        if above == record.id:
            message = f"'{record.id}' is part of itself"
            yield register.raw.problem(location, "part-of-cycle", message)
