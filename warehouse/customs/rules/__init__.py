"""The arithmetic of customs: values in, values out, and every figure with its reasons."""

from warehouse.customs.rules.adjusting import deposit_total, disputed, exempted, guaranteed
from warehouse.customs.rules.bond import Suspension, discharged_value, storage_ends_on, suspended
from warehouse.customs.rules.charges import Charges, funds_of, line_charges
from warehouse.customs.rules.line import DutyRate, Excise, Levy, Line
from warehouse.customs.rules.low_value import low_value_charges
from warehouse.customs.rules.policy import Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import DEPOSIT, Basis, Component, Deposit, receipt
from warehouse.customs.rules.totals import declaration_totals, rounded_total
from warehouse.customs.rules.units import KILOGRAM, PIECE, Measure, Quantity, amount_in
from warehouse.customs.rules.value import (
    Quote,
    assessed_value,
    control_value,
    customs_value,
    quote_units,
)

__all__ = [
    "DEPOSIT",
    "KILOGRAM",
    "PIECE",
    "Basis",
    "Charges",
    "Component",
    "Deposit",
    "DutyRate",
    "Excise",
    "Levy",
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
    "deposit_total",
    "discharged_value",
    "disputed",
    "exempted",
    "funds_of",
    "guaranteed",
    "line_charges",
    "low_value_charges",
    "quote_units",
    "receipt",
    "rounded_total",
    "storage_ends_on",
    "suspended",
]
