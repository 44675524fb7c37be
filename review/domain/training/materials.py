"""Keeping the library of training materials: new ones, new versions, taking one out of use."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.enums import SEES_EVERY_LINE
from enterprises.models import Category, Sector, User
from enterprises.queries.scope import scope_for
from review.models import MaterialVersion, TrainingMaterial
from review.rules import keeps_training, organises_training
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.checks.file_kinds import DOCX, PDF, FileKind, FileRefused, look_at_file
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.kept_files import drop_file, keep_file, plain_name

FOLDER = "materials"


@dataclass(frozen=True)
class MaterialGiven:
    """What a material is: its title, kind and language, the sector it is for (None: all)."""

    title: str
    kind: str
    language: str
    sector_id: str | None = None


def add_material(*, user: User, given: MaterialGiven, name: str, file: Any, note: str = "") -> MaterialVersion:
    """Put a new material into the library with its first version.

    Side effects, in order: the file is looked at and written under a name of our own; in one transaction right and
    sector are asked, the department is found to have no material of that title, language and sector yet; the material,
    the version, the event ``material.added``. When anything fails, no file is left. The same content again is returned
    as the version that stands. Raises Refused.
    """
    organises_training.check(user)
    _check_sector(user, given.sector_id)
    kind, path, digest = _keep(file)
    kept = False
    try:
        with transaction.atomic():
            User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two clicks come one after the other
            same = TrainingMaterial.objects.filter(
                department=user.department_id, withdrawn_at=None, title=given.title, language=given.language,
                sector=given.sector_id,
            ).first()  # fmt: skip
            if same is not None:
                last = same.versions.first()
                if last is not None and last.sha256 == digest:
                    return last
                raise Refused(_("Your department has a material of this title: add a version there."))
            material = TrainingMaterial.objects.create(
                title=given.title,
                kind=given.kind,
                language=given.language,
                sector_id=given.sector_id,
                department_id=user.department_id,
                created_at=clock.now(),
            )
            row = _write(material, user, _Kept(kind, path, digest, file.size), name, note, 1)
        kept = True
    finally:
        if not kept:
            drop_file(path)
    return row


def add_version(*, material_id: int, user: User, name: str, file: Any, note: str = "") -> MaterialVersion:
    """Replace a material by a new version; earlier ones stay.

    Side effects, in order: the file is looked at and written under a name of our own; in one transaction the material
    is locked, the right asked, the version and the event ``material.added``. The same content as the last version is
    returned as it is. When anything fails, no file is left. Raises Refused.
    """
    kind, path, digest = _keep(file)
    kept = False
    try:
        with transaction.atomic():
            material = TrainingMaterial.objects.select_for_update(of=("self",)).get(pk=material_id)
            keeps_training.check(user, material)
            last = material.versions.first()
            if last is not None and last.sha256 == digest:
                return last
            number = (last.number if last else 0) + 1
            row = _write(material, user, _Kept(kind, path, digest, file.size), name, note, number)
            TrainingMaterial.objects.filter(pk=material.pk).update(withdrawn_at=None)
        kept = True
    finally:
        if not kept:
            drop_file(path)
    return row


def withdraw_material(*, material_id: int, user: User) -> None:
    """Take a material out of use: units no longer see it; a new version brings it back.

    Side effects, in order, in one transaction: the material is locked; the right is asked; the moment; event
    ``material.withdrawn``. A second call changes nothing. Raises Refused.
    """
    with transaction.atomic():
        material = TrainingMaterial.objects.select_for_update(of=("self",)).get(pk=material_id)
        keeps_training.check(user, material)
        if material.withdrawn_at is None:
            TrainingMaterial.objects.filter(pk=material.pk).update(withdrawn_at=clock.now())
            record_event(kind="material.withdrawn", actor=user, about=material)


@dataclass(frozen=True)
class _Kept:
    kind: FileKind
    path: str
    digest: str
    size: int


def _keep(file: Any) -> tuple[FileKind, str, str]:
    try:
        kind = look_at_file(file, kinds={PDF, DOCX})
    except FileRefused as error:
        raise Refused(str(error)) from error
    path, digest = keep_file(file=file, folder=FOLDER, extension=kind.extension)
    return kind, path, digest


def _write(material: TrainingMaterial, user: User, kept: _Kept, name: str, note: str, number: int) -> MaterialVersion:
    row = MaterialVersion.objects.create(
        material=material,
        number=number,
        name=plain_name(name, kept.kind.extension),
        note=note,
        path=kept.path,
        content_type=kept.kind.content_type,
        size=kept.size,
        sha256=kept.digest,
        uploaded_by=user,
        uploaded_at=clock.now(),
    )
    record_event(
        kind="material.added", actor=user, about=material, data={"number": row.number, "sha256": row.sha256}
    )  # fmt: skip
    return row


def _check_sector(user: User, sector: str | None) -> None:
    if sector is None and user.department.kind not in SEES_EVERY_LINE:
        raise Refused(_("Choose a sector of your line; materials for all sectors come from the committee office."))
    scope = scope_for(user)
    rows = Sector.objects.filter(pk=sector)
    if scope.categories is not None:
        rows = rows.filter(pk__in=Category.objects.filter(pk__in=sorted(scope.categories)).values("sector"))
    if sector is not None and not rows.exists():
        raise Refused(_("Choose a sector of your own line."))
