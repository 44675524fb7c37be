"""Who is who: regions, lines, sectors, categories, departments, enterprises and people."""

import django.db.models.deletion
import enterprises.models.search
from django.conf import settings
from django.db import migrations, models

from riskreport.ground.models.schema import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Region',
                fields=[
                    ('code', models.PositiveIntegerField(primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=40)),
                    ('display_name', models.CharField(max_length=20)),
                    ('name_en', models.CharField(blank=True, max_length=60)),
                    ('level', models.CharField(choices=[('city', 'City'), ('county', 'District or county-level city'), ('town', 'Town or street')], max_length=10)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='enterprises.region')),
                    ('low', models.PositiveIntegerField()),
                    ('high', models.PositiveIntegerField()),
                ],
                options={
                    'ordering': ['order', 'code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('low__lte', models.F('high'))), name='region_low_high')],
                },
            ),
            migrations.CreateModel(
                name='Line',
                fields=[
                    ('name', models.CharField(max_length=80)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('key', models.SlugField(max_length=30, primary_key=True, serialize=False)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('is_local', models.BooleanField(default=False)),
                ],
                options={
                    'ordering': ['order', 'key'],
                },
            ),
            migrations.CreateModel(
                name='Sector',
                fields=[
                    ('name', models.CharField(max_length=80)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('code', models.CharField(max_length=4, primary_key=True, serialize=False)),
                    ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sectors', to='enterprises.line')),
                    ('is_key', models.BooleanField(default=True)),
                    ('is_pilot', models.BooleanField(default=False)),
                    ('retired_on', models.DateField(null=True)),
                    ('is_local', models.BooleanField(default=False)),
                ],
                options={
                    'ordering': ['code'],
                },
            ),
            migrations.CreateModel(
                name='Category',
                fields=[
                    ('name', models.CharField(max_length=80)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('code', models.CharField(max_length=6, primary_key=True, serialize=False)),
                    ('sector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='categories', to='enterprises.sector')),
                    ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='categories', to='enterprises.line')),
                    ('rank_map', models.JSONField(blank=True, default=dict)),
                    ('retired_on', models.DateField(null=True)),
                    ('is_local', models.BooleanField(default=False)),
                    ('co_leads', models.ManyToManyField(blank=True, related_name='co_led_categories', to='enterprises.line')),
                ],
                options={
                    'ordering': ['code'],
                },
            ),
            migrations.CreateModel(
                name='Department',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, unique=True)),
                    ('name', models.CharField(max_length=80)),
                    ('name_en', models.CharField(blank=True, max_length=120)),
                    ('short_name', models.CharField(blank=True, max_length=40)),
                    ('kind', models.CharField(choices=[('bureau', 'Bureau'), ('township', 'Township safety office'), ('committee', 'Safety committee office'), ('inspection', 'Inspection group'), ('discipline', 'Discipline inspection'), ('operator', 'System operation')], max_length=12)),
                    ('level', models.CharField(choices=[('city', 'City'), ('county', 'District or county-level city'), ('town', 'Town or street')], max_length=10)),
                    ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='enterprises.line')),
                    ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='enterprises.region')),
                    ('phone', models.CharField(blank=True, max_length=30)),
                    ('areas', models.ManyToManyField(related_name='watched_by', to='enterprises.region')),
                ],
                options={
                    'ordering': ['region_id', 'code'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'bureau'), _negated=True), ('line__isnull', False), _connector='OR'), name='bureau_has_line')],
                },
            ),
            migrations.CreateModel(
                name='TemporaryNumber',
                fields=[
                    ('county', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='enterprises.region')),
                    ('last', models.PositiveIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name='Enterprise',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('credit_code', models.CharField(max_length=18, null=True, unique=True)),
                    ('temporary_code', models.CharField(max_length=20, null=True, unique=True)),
                    ('no_code_reason', models.CharField(blank=True, choices=[('venue', 'Religious venue registered without a credit code'), ('awaiting', 'Awaiting registration'), ('branch', 'Site or branch without registration of its own')], max_length=10)),
                    ('town', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='enterprises.region')),
                    ('address', models.CharField(max_length=200)),
                    ('longitude', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                    ('latitude', models.DecimalField(decimal_places=6, max_digits=8, null=True)),
                    ('scale', models.CharField(choices=[('above', 'Above scale'), ('below', 'Below scale'), ('none', 'Not scaled')], default='none', max_length=6)),
                    ('category', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='enterprises.category')),
                    ('trade_code', models.CharField(blank=True, max_length=5)),
                    ('lifecycle', models.CharField(choices=[('active', 'In operation'), ('suspended', 'Suspended'), ('closed', 'Closed'), ('written_off', 'Written off'), ('merged', 'Merged into another unit')], default='active', max_length=12)),
                    ('lifecycle_on', models.DateField(null=True)),
                    ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_units', to='enterprises.enterprise')),
                    ('joined_on', models.DateField()),
                    ('left_on', models.DateField(null=True)),
                    ('left_reason', models.CharField(blank=True, max_length=200)),
                    ('standard_grade', models.PositiveSmallIntegerField(null=True)),
                    ('profile', models.JSONField(default=dict)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('further_categories', models.ManyToManyField(related_name='also_enterprises', through='enterprises.EnterpriseCategory', to='enterprises.category')),
                ],
                options={
                    'indexes': [models.Index(fields=['town', 'category', 'id', 'lifecycle'], name='enterprise_scope'), models.Index(fields=['category', 'town', 'id'], name='enterprise_category'), models.Index(fields=['name', 'id'], name='enterprise_name'), models.Index(condition=models.Q(('lifecycle', 'active'), _negated=True), fields=['lifecycle', 'town', 'id'], name='enterprise_ended')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('credit_code__isnull', False), ('no_code_reason', ''), ('temporary_code__isnull', True)), models.Q(('credit_code__isnull', True), ('temporary_code__isnull', False), models.Q(('no_code_reason', ''), _negated=True)), _connector='OR'), name='enterprise_code_or_reason'), models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='enterprise_dates_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('left_on__isnull', True), ('lifecycle__in', ['active', 'suspended'])), models.Q(('left_on__isnull', False), ('lifecycle__in', ['closed', 'written_off', 'merged'])), _connector='OR'), name='enterprise_left_has_date'), models.CheckConstraint(condition=models.Q(models.Q(('lifecycle', 'merged'), ('merged_into__isnull', False)), models.Q(models.Q(('lifecycle', 'merged'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='enterprise_merged_has_survivor'), models.CheckConstraint(condition=models.Q(('standard_grade__isnull', True), ('standard_grade__range', (1, 3)), _connector='OR'), name='enterprise_standard_grade'), models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='enterprise_point_whole')],
                },
            ),
            migrations.CreateModel(
                name='EnterpriseCategory',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='category_links', to='enterprises.enterprise')),
                    ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.category')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('enterprise', 'category'), name='further_category_once')],
                },
            ),
            migrations.CreateModel(
                name='Contact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='enterprises.enterprise')),
                    ('kind', models.CharField(choices=[('legal', 'Legal representative'), ('principal', 'Main responsible person'), ('safety', 'Safety officer')], max_length=10)),
                    ('name', models.CharField(max_length=40)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('enterprise', 'kind'), name='contact_once_per_kind')],
                },
            ),
            migrations.CreateModel(
                name='SearchEntry',
                fields=[
                    ('enterprise', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='enterprises.enterprise')),
                    ('name', enterprises.models.search.NormalName()),
                    ('code', models.CharField(max_length=20)),
                ],
            ),
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('account', models.CharField(max_length=40, unique=True)),
                    ('name', models.CharField(max_length=40)),
                    ('post', models.CharField(blank=True, max_length=40)),
                    ('phone', models.CharField(blank=True, max_length=20)),
                    ('email', models.EmailField(blank=True, max_length=120)),
                    ('wants_mail', models.BooleanField(default=True)),
                    ('role', models.CharField(choices=[('enterprise_user', 'Enterprise user'), ('enterprise_admin', 'Enterprise administrator'), ('reviewer', 'Reviewer'), ('keeper', 'Catalogue keeper'), ('office', 'Safety committee office'), ('inspector', 'Inspector'), ('oversight', 'Oversight (read only)'), ('operator', 'System operator')], max_length=20)),
                    ('enterprise', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='enterprises.enterprise')),
                    ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='enterprises.department')),
                    ('language', models.CharField(blank=True, max_length=10)),
                    ('is_active', models.BooleanField(default=True)),
                    ('must_change_password', models.BooleanField(default=False)),
                    ('is_chief', models.BooleanField(default=False)),
                    ('session_stamp', models.PositiveIntegerField(default=0)),
                    ('sso_id', models.CharField(max_length=200, null=True, unique=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('left_at', models.DateTimeField(null=True)),
                    ('masked_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['enterprise', 'role', 'is_active'], name='user_of_enterprise'), models.Index(condition=models.Q(('is_active', False), ('masked_at', None)), fields=['left_at'], name='user_to_mask')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', True), ('enterprise__isnull', False), ('role__in', ['enterprise_admin', 'enterprise_user'])), models.Q(('department__isnull', False), ('enterprise__isnull', True), ('role__in', ['inspector', 'keeper', 'office', 'operator', 'oversight', 'reviewer'])), _connector='OR'), name='user_enterprise_or_department'), models.CheckConstraint(condition=models.Q(('is_chief', False), ('department__isnull', False), _connector='OR'), name='user_chief_is_official'), models.CheckConstraint(condition=models.Q(('sso_id', None), models.Q(('department__isnull', False), models.Q(('sso_id', ''), _negated=True)), _connector='OR'), name='user_sso_is_official')],
                },
            ),
            migrations.CreateModel(
                name='Likeness',
                fields=[
                    ('enterprise', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='likeness', serialize=False, to='enterprises.enterprise')),
                    ('name_key', models.CharField(max_length=120)),
                    ('address_key', models.CharField(max_length=200)),
                ],
                options={
                    'indexes': [models.Index(fields=['name_key', 'address_key'], name='likeness_keys')],
                },
            ),
            migrations.CreateModel(
                name='NotTheSame',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='enterprises.enterprise')),
                    ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='enterprises.enterprise')),
                    ('reason', models.CharField(max_length=500)),
                    ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='not_the_same_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='not_the_same_in_order')],
                },
            ),
            migrations.CreateModel(
                name='DepartmentPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='enterprises.department')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=150)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('path', models.CharField(max_length=200)),
                    ('content_type', models.CharField(max_length=100)),
                    ('size', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('uploaded_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['department', '-number'],
                    'constraints': [models.UniqueConstraint(fields=('department', 'number'), name='plan_number_once')],
                },
            ),
            migrations.CreateModel(
                name='DepartmentStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='enterprises.department')),
                    ('order', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=80)),
                    ('due_on', models.DateField(null=True)),
                    ('done_on', models.DateField(null=True)),
                    ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('note', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'ordering': ['department', 'order', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_by__isnull', True), ('done_on__isnull', True)), models.Q(('done_by__isnull', False), ('done_on__isnull', False)), _connector='OR'), name='step_done_by_somebody')],
                },
            ),
            migrations.CreateModel(
                name='RecoveryCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
                    ('digest', models.CharField(max_length=64)),
                    ('used_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'digest'), name='recovery_code_once')],
                },
            ),
            migrations.CreateModel(
                name='SignIn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ins', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('session_key', models.CharField(db_index=True, max_length=40)),
                    ('browser', models.CharField(blank=True, max_length=60)),
                ],
                options={
                    'indexes': [models.Index(fields=['user', '-id'], name='sign_in_user'), models.Index(fields=['at'], name='sign_in_at')],
                },
            ),
        ]),
    ]
