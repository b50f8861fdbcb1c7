"""What must be true before this copy serves anybody, and whether it is ready to."""

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

LEAST_SECRET = 50  # characters: the length that Django itself makes


@checks.register("rasd", deploy=True)
def secrets_are_set(app_configs, **kwargs):
    """With DEBUG off a real secret and cookies that travel over TLS only."""
    if settings.DEBUG:
        return []
    errors = []
    if len(_secret()) < LEAST_SECRET:
        errors.append(
            checks.Error(
                "SECRET_KEY is missing or shorter than 50 characters.",
                hint="Set SECRET_KEY in the environment to a long random text.",
                id="rasd.E001",
            )
        )
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        errors.append(
            checks.Error(
                "Cookies would travel without TLS.",
                hint="Remove SECURE_COOKIES=0, or set DEBUG=1 on a machine of your own.",
                id="rasd.E002",
            )
        )
    return errors


def _secret() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's word for an empty one
        return ""


@checks.register("rasd", checks.Tags.database, deploy=True)
def no_demonstration_accounts(app_configs, databases=None, **kwargs):
    """With DEBUG off no account whose password is published."""
    if settings.DEBUG or not databases:
        return []
    try:
        demo_users = _demo_users()
    except DatabaseError as error:
        hint = "Is the server of DATABASE_URL up, and may this user enter it?"
        return [checks.Error(f"The database does not answer: {error}", hint=hint, id="rasd.E004")]
    if not demo_users:
        return []
    return [
        checks.Error(
            f"{demo_users} demonstration accounts with published passwords exist.",
            hint="Use a database without the demo city, or set DEBUG=1.",
            id="rasd.E003",
        )
    ]


def _demo_users() -> int:
    with connection.cursor() as cursor:
        if "accounts_user" not in connection.introspection.table_names(cursor):
            return 0  # before the first migration
        cursor.execute("SELECT count(*) FROM accounts_user WHERE is_demo")
        return cursor.fetchone()[0]


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and its schema is the code's, else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("no database", status=503, content_type="text/plain")
    if waiting:
        return HttpResponse("migrations are waiting", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")
