"""The tasks of the floor, in the order of their buttons."""

from collections.abc import Mapping
from typing import Final

from warehouse.operations.floor import (
    arriving,
    counting,
    dispatch,
    disposing,
    handling,
    loading,
    moving,
    packing,
    picking,
    putaway,
    putting_back,
    receiving,
    replenishing,
    returning,
    staging,
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
    handling.FLOW,
    picking.FLOW,
    packing.FLOW,
    staging.FLOW,
    loading.FLOW,
    dispatch.FLOW,
    putting_back.FLOW,
    returning.FLOW,
    disposing.FLOW,
    transferring.FLOW,
    why.FLOW,
)

FLOW_OF: Final[Mapping[TaskKind, Flow]] = {flow.kind: flow for flow in FLOWS}

COMMANDS: Final[Mapping[str, Flow]] = {flow.command: flow for flow in FLOWS}
"""The barcodes that choose a task."""
