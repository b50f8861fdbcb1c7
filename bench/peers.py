"""The systems that Rasd is measured beside: each in an environment of its own, on the same tables.

They publish what Rasd publishes to the public: the plain application by its queryset, the others
by one view.
"""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from bench.servers import Server
from gis_app.distortions.status import PUBLIC

HERE = Path(__file__).parent
NAMES = ("plain", "tipg", "pygeoapi")
GRANIAN = (  # as bin/up starts it; the factory is Django's, without ours's check of passwords
    "--interface wsgi --no-ws --workers 2 --blocking-threads 4 --port {port} --log-level warning "
    "--factory django.core.wsgi:get_wsgi_application"
)
VIEW = f"""
    DROP SCHEMA IF EXISTS bench CASCADE;
    CREATE SCHEMA bench;
    CREATE VIEW bench.distortion AS
    SELECT d.id, d.number, element.code AS element, element.name_ar AS element_name, d.status,
           district.code AS district, d.severity, d.first_reported_at, d.due_at, d.notice_until,
           d.treated_at, d.verified_at, d.quantity, element.unit, d.reports_count AS reports,
           d.supporters_count AS supporters, d.public_geometry AS geometry
    FROM distortions_distortion d
    JOIN catalogue_element element ON element.id = d.element_id
    JOIN places_district district ON district.id = d.district_id
    WHERE d.status IN ({", ".join(f"'{status}'" for status in PUBLIC)})
"""


def database() -> dict[str, str]:
    """Return the environment that tells PostgreSQL's own clients of the database."""
    told = connection.settings_dict
    return {"PGHOST": told["HOST"], "PGUSER": told["USER"], "PGDATABASE": told["NAME"]}


def prepare(folder: Path) -> None:
    """Install the peers in *folder*, as their lock files say, and make what they read."""
    for name in NAMES:
        _install(HERE / f"requirements-{name}.txt", folder / name)
    with connection.cursor() as cursor:
        cursor.execute(VIEW)
    told = connection.settings_dict
    (folder / "pygeoapi.yml").write_text(
        (HERE / "pygeoapi.yml")
        .read_text()
        .format(host=told["HOST"], name=told["NAME"], user=told["USER"])
    )
    (folder / "openapi.yml").write_text("{}")  # its description of itself: nobody asks for it


def servers(folder: Path) -> list[Server]:
    """Return how each is started: with as many processes and threads as ours."""
    return [
        Server(
            "plain",
            folder / "plain/bin/granian",
            GRANIAN,
            alive="/distortions/?page_size=1",
            env={
                **database(),
                "PYTHONPATH": str(HERE.parent),
                "DJANGO_SETTINGS_MODULE": "bench.plain.settings",
            },
        ),
        Server(
            "tipg",
            folder / "tipg/bin/uvicorn",
            "tipg.main:app --workers 2 --port {port} --no-access-log --log-level warning",
            alive="/collections/bench.distortion",
            env={
                **database(),
                "DATABASE_URL": _address(),
                "TIPG_DB_SCHEMAS": '["bench"]',
                "TIPG_DB_SPATIAL_EXTENT": "false",  # else its start walks the table
                "TIPG_DB_DATETIME_EXTENT": "false",
                "TIPG_MAX_FEATURES_PER_TILE": "100000000",  # all of them, as the others
                "TIPG_CATALOG_TTL": "100000",
                "DB_MAX_CONN_SIZE": "4",
            },
        ),
        Server(
            "pygeoapi",
            folder / "pygeoapi/bin/gunicorn",
            "--workers 2 --threads 4 --worker-class gthread --bind 127.0.0.1:{port} "
            "pygeoapi.flask_app:APP",
            alive="/collections/distortion?f=json",
            env={
                "PYGEOAPI_CONFIG": str(folder / "pygeoapi.yml"),
                "PYGEOAPI_OPENAPI": str(folder / "openapi.yml"),
            },
        ),
    ]


def versions(folder: Path) -> str:
    """Return the peers' names and versions, as they are installed."""
    wanted = {
        "plain": ("djangorestframework-gis", "django-vectortiles", "gunicorn"),
        "tipg": ("tipg",),
        "pygeoapi": ("pygeoapi",),
    }
    script = "import sys, importlib.metadata as m; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep=', ')"
    return ", ".join(
        subprocess.run(
            [folder / name / "bin/python", "-c", script, *packages],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for name, packages in wanted.items()
    )


def _address() -> str:
    told = connection.settings_dict
    return f"postgresql://{told['USER']}@{quote(told['HOST'], safe='')}/{told['NAME']}"


def _install(lock: Path, folder: Path) -> None:
    stamp = folder / ".filled-from"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    uv = Path(sys.executable).with_name("uv")
    # uv does not read pip's settings: a site's own index must be handed on.
    index = _printed(sys.executable, "-m", "pip", "config", "get", "global.index-url")
    env = {**os.environ, **({"UV_DEFAULT_INDEX": index} if index else {})}
    subprocess.run([uv, "venv", "--clear", "--quiet", folder], check=True, env=env)
    python = folder / "bin/python"
    subprocess.run(
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock],
        check=True,
        env=env,
    )
    stamp.write_text(lock.read_text())


def _printed(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
