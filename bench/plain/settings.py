"""The least that such an application needs; its database is named by the environment."""

import os
import sysconfig
from pathlib import Path

PACKAGES = Path(sysconfig.get_path("purelib"))
GDAL_LIBRARY_PATH = str(next(PACKAGES.glob("pyogrio.libs/libgdal*")))
GEOS_LIBRARY_PATH = str(next(PACKAGES.glob("shapely.libs/libgeos_c*")))
os.environ.setdefault("PROJ_DATA", str(PACKAGES / "pyogrio/proj_data"))

SECRET_KEY = "signs nothing"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.plain.urls"
INSTALLED_APPS = ["django.contrib.gis", "rest_framework", "rest_framework_gis", "bench.plain"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "HOST": os.environ["PGHOST"],
        "USER": os.environ["PGUSER"],
        "NAME": os.environ["PGDATABASE"],
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
    }
}
