"""The world of the matrix of addresses: four units with a report each, everybody's account and what belongs to them."""

import datetime as dt
import json
import uuid
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from enterprises.domain.preparation import add_plan
from enterprises.enums import DepartmentKind, Role
from enterprises.models import DepartmentPlan, LetterBatch, SignIn
from review.checks.check_in_token import make_token
from review.domain.bulletins.making import issue_bulletin
from review.domain.campaigning.checklist import write_checklist
from review.domain.campaigning.drafts import answers_from, start_draft
from review.domain.training.materials import MaterialGiven, add_material
from review.enums import FilingState
from review.models import (
    CatalogueTodo,
    Letter,
    LetterEvidence,
    LetterFile,
    LetterMark,
    LetterReply,
    Phase,
    Remark,
    ReminderRun,
    Snapshot,
    Visit,
)
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import ImportBatch, Job, Notice, Pending
from riskreport.ground.models.imports import ImportState
from riskreport.ground.models.job import JobState
from risks.domain.drafts import open_draft
from risks.enums import CatalogueState
from risks.models import Catalogue, Risk
from tests import factories


def build_world() -> SimpleNamespace:
    """Four units with a report each that was filed and reopened, everybody's account, a notice and a job each."""
    kinds = {
        "own": {"town": factories.HUAQIAO, "category_code": "1401"},
        "sibling": {"town": factories.HUAQIAO, "category_code": "1401"},
        "other_region": {"town": factories.YANGSHE, "category_code": "1401"},
        "other_sector": {"town": factories.HUAQIAO, "category_code": "1501"},
    }
    places = {name: build_place(factories.enterprise(**kind)) for name, kind in kinds.items()}
    group = factories.department(DepartmentKind.INSPECTION, factories.CITY)
    group.areas.set([factories.region(factories.ZHANGJIAGANG)])
    own = places["own"]["enterprise_row"]
    people = {
        "unit": factories.user(Role.ENTERPRISE_USER, of=own),
        "unit_admin": factories.user(Role.ENTERPRISE_ADMIN, of=own),
        "reviewer": factories.user(Role.REVIEWER, of=factories.bureau()),
        "chief": factories.chief(),
        "keeper": factories.user(Role.KEEPER, of=factories.bureau()),
        "lead": factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY)),
        "township": factories.user(Role.REVIEWER, of=factories.township(factories.HUAQIAO)),
        "office": factories.user(Role.OFFICE),
        "inspector": factories.user(Role.INSPECTOR, of=group),
        "oversight": factories.user(Role.OVERSIGHT),
        "operator": factories.user(Role.OPERATOR),
    }
    people["stranger"] = factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN))
    personal = {role: build_personal(person) for role, person in people.items()}
    personal["stranger"]["person_pk"] = factories.user(of=places["sibling"]["enterprise_row"]).pk  # nobody's here
    event = record_event(kind="test.matrix", actor=None)
    parked = Pending.objects.create(
        event=event, reaction="gone", queue="quick", due_at=clock.now(), parked_at=clock.now()
    )
    common = {"sheet_name": "enterprises", "pending_pk": parked.pk, "name": "filings"}
    issued = factories.bulletin(people["office"], campaign=places["own"]["filing_row"].campaign)
    issue_bulletin(bulletin_id=issued.pk, user=people["office"], seen_version=issued.version)
    common |= {"bulletin_pk": issued.pk, "kind": "daily", "form": "pdf", "step": "issue"}
    common["token"] = factories.display(people["office"]).secret
    clients = {role: Client(enforce_csrf_checks=False) for role in people}
    for role, client in clients.items():
        client.force_login(people[role])
    return SimpleNamespace(places=places, people=people, personal=personal, common=common, clients=clients)


def build_place(enterprise) -> dict:
    row = factories.filing(FilingState.SUPPLEMENT_OPEN, of=enterprise)
    attachment = factories.attachment(row)
    path = Path(settings.MEDIA_ROOT, attachment.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.4 test")
    decision = row.decisions.get()
    remark = Remark.objects.create(
        snapshot=decision.snapshot,
        decision=decision,
        department=row.department,
        author=decision.decided_by,
        section="risks",
        text="写清位置",
        created_at=clock.now(),
    )
    visit = Visit.objects.create(
        filing=row, level="county", department=row.department, visited_on=clock.today(), outcome="passed"
    )
    values = {
        "filing_id": row.pk,
        "pk": row.pk,
        "lineage": row.declared_risks.first().lineage,
        "attachment_id": attachment.pk,
        "remark_id": remark.pk,
        "remark_pk": remark.pk,
        "visit_pk": visit.pk,
        "key": "basic",
        "action": "void",
    }
    twin = factories.enterprise(town=enterprise.town_id, category_code=enterprise.category_id)
    code = "civil" if enterprise.category_id == "1401" else "religion"
    published = Catalogue.objects.get(key=code, state=CatalogueState.PUBLISHED)
    drafted = open_draft(key=code, user=factories.user(Role.OFFICE))
    CatalogueTodo.objects.create(enterprise=enterprise, catalogue=published, created_at=clock.now())
    return {
        "enterprise_row": enterprise,
        "filing_row": row,
        "reconciliation": build_reconciliation(enterprise),
        "filing": values,
        "enterprise": {
            "pk": enterprise.pk,
            "snapshot_pk": Snapshot.objects.filter(filing=row).first().pk,
            "other_pk": twin.pk,
            "act": "move",
        },
        "display": {"pk": factories.display(region_code=enterprise.town_id // 1000).display.pk},
        "unit_account": {"pk": factories.user(Role.ENTERPRISE_ADMIN, of=enterprise).pk},
        "risk": {"pk": Risk.objects.get(enterprise=enterprise).pk},
        "catalogue": {"pk": published.pk},
        "draft": {"pk": drafted.pk, "item_pk": drafted.items.first().pk},
        "todo": {"pk": published.pk},
        "category": {"code": enterprise.category_id},
        "sector": {"code": enterprise.category.sector_id},
        **build_campaigning(row.campaign),
        "letter": build_letter(row),
        "training": training_of(row.department, enterprise),
        "material": material_of(row.department, enterprise.category.sector),
        "bureau": {"pk": row.department_id, "number": plan_of(row.department).number},
    }


def build_campaigning(campaign) -> dict:
    """A phase with its checklists of a reporting task, and a draft of another."""
    days = {"opens_on": campaign.opens_on, "due_on": campaign.due_on}
    own = campaign.filings.get().category.sector_id
    phase = Phase.objects.create(campaign=campaign, order=1, name="全部单位", **days)
    write_checklist(campaign=campaign, days_before={})
    office = factories.user(Role.OFFICE)
    draft = start_draft(user=office, answers=answers_from(campaign), earlier=campaign)
    return {
        "campaign": {"pk": campaign.pk},
        "phase": {"pk": phase.pk},
        "checklist": {"pk": phase.steps.filter(sector=own).first().pk},
        "campaign_draft": {"pk": draft.pk, "step": "what"},
    }


def build_letter(filing) -> dict:
    """An answered letter of the city's office to the unit, with a file."""
    office = factories.office()
    LetterMark.objects.get_or_create(department=office, defaults={"mark": "苏安办"})
    writer = factories.user(Role.OFFICE, of=office)
    unit = factories.user(of=filing.enterprise)
    number = Letter.objects.count() + 1
    moment = clock.now()
    letter = Letter.objects.create(
        kind="warning", state="replied", issuer=office, campaign=filing.campaign, to_enterprise=filing.enterprise,
        subject=f"enterprise-{filing.enterprise_id}", title="警示函", body="请报送。", year=2021, number=number,
        number_text=f"苏安办警〔2021〕{number}号", due_on=clock.today(), created_by=writer, created_at=moment,
        issued_by=writer, issued_at=moment, read_by=unit, read_at=moment, replied_at=moment,
    )  # fmt: skip
    content = {
        "name": filing.enterprise.name, "as_of": "2021-09-30", "rate": "0.0", "days_behind": 3, "place": None,
        "figures": {"expected": 1, "actual": 0}, "campaign": {"name": "任务"}, "parts": [], "reports": [],
        "reports_total": 0,
    }  # fmt: skip
    LetterEvidence.objects.create(letter=letter, content=json.dumps(content), sha256="0" * 64, created_at=moment)
    reply = LetterReply.objects.create(letter=letter, number=1, text="已报送", replied_by=unit, replied_at=moment)
    path = Path(settings.MEDIA_ROOT, "letters", f"{uuid.uuid4().hex}.pdf")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.4 test")
    file = LetterFile.objects.create(
        reply=reply, name="名单.pdf", path=str(path.relative_to(settings.MEDIA_ROOT)), content_type="application/pdf",
        size=13, sha256="0" * 64,
    )  # fmt: skip
    return {"pk": letter.pk, "file_pk": file.pk, "action": "close", "form": "pdf", "kind": "warning"}


def plan_of(department) -> DepartmentPlan:
    keeper = factories.user(Role.KEEPER, of=department)
    file = SimpleUploadedFile("方案.pdf", b"%PDF-1.4\n%%EOF")
    return add_plan(department=department, user=keeper, name=file.name, file=file)


def training_of(department, enterprise) -> dict:
    """A session of the bureau for units of the place that began just now, and to which the unit came."""
    session = factories.training_session(
        of=department, region=enterprise.town, categories=(enterprise.category_id,), starts=dt.timedelta(minutes=-5)
    )
    person = factories.attendance(session, of=enterprise)
    return {
        "pk": session.pk,
        "person_pk": person.pk,
        "to": "cancelled",
        "token": make_token(session.pk, clock.now()),
    }


def material_of(department, sector) -> dict:
    keeper = factories.user(Role.KEEPER, of=department)
    file = SimpleUploadedFile("程序.pdf", b"%PDF-1.4\n%%EOF")
    given = MaterialGiven(f"工作程序{department.pk}", "procedure", "zh", sector.pk)
    made = add_material(user=keeper, given=given, name=file.name, file=file)
    return {"pk": made.material_id, "number": made.number}


def build_reconciliation(enterprise) -> dict:
    """A comparison of the bureau that leads the unit, with the unit as what is missing in list B."""
    bureau = factories.bureau(enterprise.category.lead_id, enterprise.town_id // 1000)
    row = factories.reconciliation(of=factories.user(Role.KEEPER, of=bureau))
    return {"pk": row.pk, "difference_pk": factories.difference(row, enterprise=enterprise).pk}


def build_personal(person) -> dict:
    notice = Notice.objects.create(user=person, kind="report.filed", created_at=clock.now())
    path = Path(settings.MEDIA_ROOT, "jobs", f"{uuid.uuid4().hex}.xlsx")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"rows")
    moment = clock.now()
    job = Job.objects.create(
        kind="export",
        owner=person,
        state=JobState.DONE,
        created_at=moment,
        ended_at=moment,
        file=str(path.relative_to(settings.MEDIA_ROOT)),
    )
    batch = ImportBatch.objects.create(
        sheet="enterprises",
        owner=person,
        home=person.department_id or -person.pk,
        language="zh-hans",
        state=ImportState.REFUSED,
        file=job.file,
        file_name="底数清单.xlsx",
        sha256="0" * 64,
        size=4,
        errors_file=job.file,
        created_at=moment,
    )
    reminder_pk = None
    if person.department_id:
        event = record_event(kind="units.reminded", actor=person)
        reminder_pk = ReminderRun.objects.create(
            started_by=person, department=person.department, started_at=moment, event=event, job=job
        ).pk  # fmt: skip
    colleague = factories.user(person.role, of=person.department or person.enterprise)
    return {
        "notice_pk": notice.pk,
        "reminder_pk": reminder_pk or 987654321,
        "job_pk": job.pk,
        "letters_pk": LetterBatch.objects.create(job=job, issued_by=person, created_at=moment).pk,
        "sign_in_pk": SignIn.objects.create(user=person, session_key="ended", at=moment).pk,
        "person_pk": colleague.pk,
        "sheet_name": "enterprises",
        "import_pk": batch.pk,
    }
