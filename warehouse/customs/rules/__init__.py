"""The arithmetic of customs: values in, values out, and every figure with its reasons."""

from warehouse.customs.rules.bond import Suspension, discharged_value, storage_ends_on, suspended
from warehouse.customs.rules.charges import (
    Charges,
    DutyRate,
    Line,
    Quote,
    assessed_value,
    control_value,
    customs_value,
    line_charges,
    low_value_charges,
)
from warehouse.customs.rules.policy import Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import DEPOSIT, Basis, Component, receipt
from warehouse.customs.rules.totals import declaration_totals, rounded_total
from warehouse.customs.rules.units import KILOGRAM, PIECE, Measure, Quantity, amount_in

__all__ = [
    "DEPOSIT",
    "KILOGRAM",
    "PIECE",
    "Basis",
    "Charges",
    "Component",
    "DutyRate",
    "Line",
    "Measure",
    "Policy",
    "PolicyRow",
    "Quantity",
    "Quote",
    "Rule",
    "Suspension",
    "amount_in",
    "assessed_value",
    "control_value",
    "customs_value",
    "declaration_totals",
    "discharged_value",
    "line_charges",
    "low_value_charges",
    "receipt",
    "rounded_total",
    "storage_ends_on",
    "suspended",
]
