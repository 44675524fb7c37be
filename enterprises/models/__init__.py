"""Tables of who is who."""

from enterprises.models.enterprise import Contact, Enterprise, EnterpriseCategory
from enterprises.models.places import Region
from enterprises.models.search import SearchEntry
from enterprises.models.taxonomy import Category, Line, Sector

from enterprises.models.people import Department, User  # isort: skip
from enterprises.models.reconciliation import Difference, Reconciliation  # isort: skip
from enterprises.models.upkeep import Likeness, NotTheSame, TemporaryNumber  # isort: skip
from enterprises.models.preparation import DepartmentPlan, DepartmentStep  # isort: skip
from enterprises.models.accounts import FirstUse, LetterBatch, RecoveryCode, SignIn  # isort: skip

__all__ = [
    "Category",
    "Contact",
    "Department",
    "DepartmentPlan",
    "DepartmentStep",
    "Difference",
    "Enterprise",
    "EnterpriseCategory",
    "FirstUse",
    "LetterBatch",
    "Likeness",
    "Line",
    "NotTheSame",
    "Reconciliation",
    "RecoveryCode",
    "Region",
    "SearchEntry",
    "Sector",
    "SignIn",
    "TemporaryNumber",
    "User",
]
