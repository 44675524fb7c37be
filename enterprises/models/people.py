"""Departments and the people who sign in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from enterprises.enums import ENTERPRISE_ROLES, OFFICIAL_ROLES, DepartmentKind, RegionLevel, Role


class Department(models.Model):
    """An office at one level of one region. Its line and its areas say what it handles.

    ``areas`` holds more than the office's own region only for inspection groups, which watch sets of districts.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12, choices=DepartmentKind.choices)
    level = models.CharField(max_length=10, choices=RegionLevel.choices)
    line = models.ForeignKey("enterprises.Line", null=True, on_delete=models.PROTECT, related_name="departments")
    region = models.ForeignKey("enterprises.Region", on_delete=models.PROTECT, related_name="departments")
    areas = models.ManyToManyField("enterprises.Region", related_name="watched_by")
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["region_id", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=DepartmentKind.BUREAU) | Q(line__isnull=False), name="bureau_has_line"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the active language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name


class UserManager(BaseUserManager["User"]):
    """Makes people; there is no superuser."""

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(account=username.strip().lower())

    def create_user(self, *, account: str, password: str | None, **fields) -> "User":
        """Create a person with a usable password, or an unusable one when None is given."""
        user = self.model(account=account.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person. Belongs to one enterprise or one department, never both, never neither.

    ``is_chief`` says that an official keeps the people of the department. ``session_stamp`` goes into what every
    session of the person is checked against: counting it up ends them all. ``sso_id`` is what the city's single sign-on
    calls an official. ``wants_mail`` is the person's own switch of mails. ``left_at`` is when the account was closed,
    ``masked_at`` when what is personal was taken out.
    """

    account = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    post = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=120, blank=True)
    wants_mail = models.BooleanField(default=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", null=True, on_delete=models.PROTECT, related_name="people", db_index=False
    )
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="people")
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    is_chief = models.BooleanField(default=False)
    session_stamp = models.PositiveIntegerField(default=0)
    sso_id = models.CharField(max_length=200, null=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)
    masked_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "account"
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, department__isnull=True, role__in=sorted(ENTERPRISE_ROLES))
                | Q(enterprise__isnull=True, department__isnull=False, role__in=sorted(OFFICIAL_ROLES)),
                name="user_enterprise_or_department",
            ),
            models.CheckConstraint(
                condition=Q(is_chief=False) | Q(department__isnull=False), name="user_chief_is_official"
            ),
            models.CheckConstraint(
                condition=Q(sso_id=None) | (Q(department__isnull=False) & ~Q(sso_id="")), name="user_sso_is_official"
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "role", "is_active"], name="user_of_enterprise"),
            models.Index(fields=["left_at"], name="user_to_mask", condition=Q(is_active=False, masked_at=None)),
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to stay signed in: the password and the stamp, as a digest."""
        salt = "enterprises.models.people.User.session"
        return salted_hmac(salt, f"{self.password}:{self.session_stamp}", secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_official(self) -> bool:
        """Whether the person works for a department."""
        return self.department_id is not None

    @property
    def owner_label(self) -> str:
        """The enterprise or department the person belongs to."""
        return self.department.label if self.department_id else self.enterprise.name
