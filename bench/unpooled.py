"""Rasd's settings without a pool: a connection for each request, or one that a thread keeps."""

import os

from gis_app.settings import *
from gis_app.settings import DATABASES

DATABASES["default"]["OPTIONS"].pop("pool")
DATABASES["default"]["CONN_MAX_AGE"] = None if os.environ["BENCH_KEEPS"] == "1" else 0
