"""The arithmetic of customs: values in, values out, and every figure with its reasons."""

from warehouse.customs.rules.adjusting import deposit_total, deposited, disputed, exempted
from warehouse.customs.rules.bond import (
    Suspension,
    discharged_value,
    exported,
    in_bond,
    storage_ends_on,
    suspended,
)
from warehouse.customs.rules.build_up import Price, Terms, Way, cif_build_up
from warehouse.customs.rules.charges import Charges, funds_of, line_charges
from warehouse.customs.rules.days import months_begun
from warehouse.customs.rules.line import DutyRate, Excise, Levy, Line
from warehouse.customs.rules.low_value import low_value_charges, low_value_privilege
from warehouse.customs.rules.parcels import (
    Article,
    Cleared,
    Consignment,
    Parcel,
    PostalExport,
    clear_express,
    clear_postal,
    export_limit,
    export_obstacles,
    together,
)
from warehouse.customs.rules.policy import Policy, PolicyRow, Rule
from warehouse.customs.rules.receipt import DEPOSIT, Basis, Component, Deposit, receipt
from warehouse.customs.rules.refunds import (
    ReExport,
    interest,
    late_surcharge,
    reexport_obstacles,
    reexport_refund,
)
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
    "Article",
    "Basis",
    "Charges",
    "Cleared",
    "Component",
    "Consignment",
    "Deposit",
    "DutyRate",
    "Excise",
    "Levy",
    "Line",
    "Measure",
    "Parcel",
    "Policy",
    "PolicyRow",
    "PostalExport",
    "Price",
    "Quantity",
    "Quote",
    "ReExport",
    "Rule",
    "Suspension",
    "Terms",
    "Way",
    "amount_in",
    "assessed_value",
    "cif_build_up",
    "clear_express",
    "clear_postal",
    "control_value",
    "customs_value",
    "declaration_totals",
    "deposit_total",
    "deposited",
    "discharged_value",
    "disputed",
    "exempted",
    "export_limit",
    "export_obstacles",
    "exported",
    "funds_of",
    "in_bond",
    "interest",
    "late_surcharge",
    "line_charges",
    "low_value_charges",
    "low_value_privilege",
    "months_begun",
    "quote_units",
    "receipt",
    "reexport_obstacles",
    "reexport_refund",
    "rounded_total",
    "storage_ends_on",
    "suspended",
    "together",
]
