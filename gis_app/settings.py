"""Settings. What differs between machines comes from the environment (.env.example tells)."""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


# GeoDjango runs on the GDAL in pyogrio's wheel and the GEOS in shapely's; their names carry a hash.
# pyogrio is not imported for it: with pandas, which it brings, every start would take twice as long.
_PACKAGES = Path(environ.__file__).parent.parent
GDAL_LIBRARY_PATH = str(next(_PACKAGES.glob("pyogrio.libs/libgdal*")))
GEOS_LIBRARY_PATH = str(next(_PACKAGES.glob("shapely.libs/libgeos_c*")))
os.environ.setdefault("GDAL_DATA", str(_PACKAGES / "pyogrio/gdal_data"))
os.environ.setdefault("PROJ_DATA", str(_PACKAGES / "pyogrio/proj_data"))

# --- where and how this copy runs
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_FAILURE_VIEW = "maps.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
RASD_LOCAL = Path(env.str("RASD_LOCAL", str(BASE_DIR / ".local")))
RASD_EMBEDDED = env.bool("RASD_EMBEDDED", False)  # the private cluster: a demo city may live here
RASD_PROXIES = env.int("RASD_PROXIES", 0)  # trusted proxies in front; 0: X-Forwarded-For is ignored
BASEMAP_URL = env.str("BASEMAP_URL", "")  # a {z}/{x}/{y} tile address; none: no basemap
BASEMAP_ATTRIBUTION = env.str("BASEMAP_ATTRIBUTION", "")
RASD_AMANA = env.str("RASD_AMANA", "")  # the code of the amana whose name the pages carry

DATABASES = {"default": env.db("DATABASE_URL", default="postgis:///rasd")}
DATABASES["default"] |= {
    "ENGINE": "django.contrib.gis.db.backends.postgis",
    "CONN_HEALTH_CHECKS": True,  # after a restart of PostgreSQL no request meets a dead connection
    "OPTIONS": {
        # A new connection costs more than most answers: keep them.
        "pool": {"min_size": 1, "max_size": env.int("RASD_CONNECTIONS", 8)},
        # Statements of feeds are prepared; not where a pooler changes the connections under them.
        "prepare_threshold": None if env.bool("RASD_POOLER", False) else 5,
    },
}

INSTALLED_APPS = [
    "gis_app",
    "gis_app.registers",
    "gis_app.accounts",
    "gis_app.places",
    "gis_app.catalogue",
    "gis_app.messages",
    "gis_app.distortions",
    "gis_app.treatment",
    "gis_app.sites",
    "gis_app.cells",
    "gis_app.progress",
    "gis_app.demo",
    "gis_app.imports",
    "gis_app.exports",
    "fieldapi",
    "maps",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.gis",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "rest_framework",
    "rest_framework_gis",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gis_app.middleware.LanguageMiddleware",
    "gis_app.middleware.NoNulMiddleware",
    "gis_app.middleware.ForeignMarksMiddleware",
    "gis_app.registers.middleware.EditionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gis_app.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "gis_app.urls"
WSGI_APPLICATION = "gis_app.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maps.context.site",
            ],
        },
    },
]

# --- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["gis_app.accounts.backend.Backend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- language, time, numbers: Arabic first, Latin digits, Riyadh
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", _("Arabic")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["gis_app.formats"]
TIME_ZONE = "Asia/Riyadh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = RASD_LOCAL / "static"
STATICFILES_DIRS = [
    ("vendor/leaflet", BASE_DIR / "node_modules/leaflet/dist"),
    ("vendor/plex", BASE_DIR / "node_modules/@fontsource/ibm-plex-sans-arabic/files"),
]
MEDIA_ROOT = RASD_LOCAL / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "gis_app.storage.HashedStatic",
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # the words of a form; photos and JSON are read apart
FILE_UPLOAD_HANDLERS = [
    "gis_app.uploads.WholeRequest",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # larger ones go to a temporary file

# --- answers that stay right until the next step (fieldapi.caching), in each process
RASD_ANSWERS_KEPT = env.int("RASD_ANSWERS_KEPT", 100)
_IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
_NOWHERE = "django.core.cache.backends.dummy.DummyCache"
CACHES = {
    "default": {"BACKEND": _IN_MEMORY},
    "answers": {
        "BACKEND": _IN_MEMORY if RASD_ANSWERS_KEPT else _NOWHERE,
        "LOCATION": "answers",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": RASD_ANSWERS_KEPT},
    },
}

# --- messages
# Where links in messages lead; without it, to the first of the names that this copy is reached under.
SITE_URL = env.str(
    "SITE_URL",
    f"http://localhost:{env.int('PORT', 8000)}" if DEBUG else f"https://{ALLOWED_HOSTS[0]}",
).rstrip("/")
_EMAIL_URL = env.str("EMAIL_URL", "")
if _EMAIL_URL:
    vars().update(env.email_url_config(_EMAIL_URL))
else:  # on a machine of one's own, mail can be read in a folder
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = RASD_LOCAL / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "rasd@localhost")
RASD_EMAIL = bool(_EMAIL_URL) or RASD_EMBEDDED
_GATEWAYS = {
    "sms": (env.str("SMS_GATEWAY_URL", ""), env.str("SMS_GATEWAY_TOKEN", "")),
    "whatsapp": (env.str("WHATSAPP_GATEWAY_URL", ""), env.str("WHATSAPP_GATEWAY_TOKEN", "")),
}
RASD_GATEWAYS = {channel: told for channel, told in _GATEWAYS.items() if told[0]}
RASD_PICTURES = "gis_app.distortions.photos.open_for"  # opens what a mail shows
RASD_MESSAGE_ATTEMPTS = env.int("RASD_MESSAGE_ATTEMPTS", 8)  # then the desk decides
RASD_MESSAGE_PAUSE = env.int("RASD_MESSAGE_PAUSE", 60)  # seconds, then three times as many

# --- security
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", not DEBUG)
SESSION_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # whoever asks is on this machine, without TLS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 0 if DEBUG else 31_536_000)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if RASD_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_TILES = BASEMAP_URL.split("{")[0].rstrip("/").split("/")[:3]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *(["/".join(_TILES)] if BASEMAP_URL else [])],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- the domain's own numbers
RASD_REPORTS_PER_HOUR = env.int("RASD_REPORTS_PER_HOUR", 120)  # per client; many share one address
RASD_PHOTOS_PER_HOUR = env.int("RASD_PHOTOS_PER_HOUR", 600)
RASD_SIGN_INS_PER_HOUR = env.int("RASD_SIGN_INS_PER_HOUR", 60)
# Days after which personal data is erased (docs/privacy.en.md)
RASD_KEEP_CONTACTS_DAYS = env.int("RASD_KEEP_CONTACTS_DAYS", 180)  # after the case was closed
RASD_KEEP_MESSAGES_DAYS = env.int("RASD_KEEP_MESSAGES_DAYS", 90)
RASD_KEEP_ORIGINALS_DAYS = env.int("RASD_KEEP_ORIGINALS_DAYS", 30)  # of photos shown blurred
# Files to take away
RASD_EXPORTS = RASD_LOCAL / "exports"
RASD_EXPORTS_PER_HOUR = env.int("RASD_EXPORTS_PER_HOUR", 60)  # per client
RASD_EXPORT_AT_ONCE = env.int("RASD_EXPORT_AT_ONCE", 20_000)  # rows; above, files are prepared
RASD_EXPORT_STREAMS = env.int("RASD_EXPORT_STREAMS", 2)  # at once in a worker: fewer than THREADS
RASD_EXPORT_SECONDS = env.int("RASD_EXPORT_SECONDS", 900)  # the longest that one file is sent
RASD_EXPORT_HOURS = env.int("RASD_EXPORT_HOURS", 24)  # a prepared file is kept
# Fewer counted than this: no rate is coloured on a map, or ranked
RASD_FEW = env.int("RASD_FEW", 30)
RASD_COVERAGE_DAYS = env.int("RASD_COVERAGE_DAYS", 90)  # so long ago still counts as looked at
RASD_COVERAGE_SHARE = env.float("RASD_COVERAGE_SHARE", 0.3)  # of a district's area; less is thin

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "fieldapi.authentication.TokenAuthentication",
        "fieldapi.authentication.PageAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "fieldapi.errors.answer",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rasd API",
    "DESCRIPTION": "From a report of visual distortion to a district's verified progress. "
    "Errors are RFC 9457 problems; the language follows Accept-Language, Arabic without it.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "fieldapi.schemas.complete",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Addresses of people, tokens and texts are never logged: requests are the proxy's to log.
_LOG_LEVEL = env.str("LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"routes": {"()": "gis_app.logs.RoutesForPaths"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["routes"]}},
    "root": {"handlers": ["console"], "level": _LOG_LEVEL},
    "loggers": {"django": {"handlers": [], "level": _LOG_LEVEL}},  # Django's own has no filter
}
