"""The tasks of the floor, in the order of their buttons."""

from collections.abc import Mapping
from typing import Final

from warehouse.operations.floor import (
    arriving,
    counting,
    dispatch,
    disposing,
    moving,
    packing,
    picking,
    putaway,
    receiving,
    replenishing,
    returning,
    transferring,
    why,
)
from warehouse.operations.floor.flow import Flow
from warehouse.operations.vocabulary import TaskKind

FLOWS: Final[tuple[Flow, ...]] = (
    arriving.FLOW,
    receiving.FLOW,
    putaway.FLOW,
    moving.FLOW,
    counting.FLOW,
    replenishing.FLOW,
    picking.FLOW,
    packing.FLOW,
    dispatch.FLOW,
    returning.FLOW,
    disposing.FLOW,
    transferring.FLOW,
    why.FLOW,
)

FLOW_OF: Final[Mapping[TaskKind, Flow]] = {flow.kind: flow for flow in FLOWS}

COMMANDS: Final[Mapping[str, Flow]] = {flow.command: flow for flow in FLOWS}
"""The barcodes that choose a task."""
