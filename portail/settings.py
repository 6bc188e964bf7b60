"""One file for every place; what differs comes from the environment (README, "Settings")."""

import shlex
from ipaddress import ip_network
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="debug-only") if DEBUG else env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not DEBUG)
# Where links in messages lead, whatever host a request was sent to.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "portail.apps.PortailConfig",
    "conseils",
    "permanences",
    "associations",
    "maisons",
    "quartiers",
    "documents",
    "notifications",
    "comptes",
    "portail.apps.GestionConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_htmx",
    "phonenumber_field",
    "simple_history",
]

MIDDLEWARE = [
    "portail.middleware.EvenPace",
    "portail.middleware.SecretAddresses",
    "csp.middleware.CSPMiddleware",  # before whatever answers by itself: refusals, static files
    "django.middleware.security.SecurityMiddleware",
    "portail.middleware.NoNul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "portail.middleware.PersonalPages",
    "portail.middleware.Limits",
]

ROOT_URLCONF = "portail.urls"
WSGI_APPLICATION = "portail.wsgi.application"
CSRF_FAILURE_VIEW = "portail.views.erreur.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.l10n",
                "maisons.templatetags.heures",
                "portail.templatetags.pages",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quartiers.contexte.ville",
                "portail.contexte.canonique",
                "portail.contexte.impression",
                "portail.contexte.menu",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "formulaires"

DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    # A page that waits longer for a lock says so; a query never outlives its reader. How alike two
    # words must be to be one with a typing mistake: one letter wrong in six still is.
    "OPTIONS": {
        "options": "-c lock_timeout=5s -c statement_timeout=30s"
        " -c pg_trgm.word_similarity_threshold=0.4"
    }
    | DATABASES["default"].get("OPTIONS", {}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portail",
        # Silent, it is soon done without: pages are made anew.
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.5},
    }
}
# In the database alone (Django's default): what is closed is closed at once, Valkey away or not.
# Shared computers: without « se souvenir de moi », closing the browser signs out.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"

# Of its own, so that a broker out of order leaves sessions alone; in Celery’s own spelling.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL).replace(
    "unix://", "redis+socket://", 1
)
CELERY_TIMEZONE = "Europe/Paris"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # its logs go through ours, which mask codes
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# The table is the truth, the broker a hint: a page never waits for it (choix: 0.2 s measured).
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.2,
    "socket_timeout": 30,
    "max_retries": 0,
}
CELERY_BEAT_SCHEDULE = {
    "publish-due-events": {"task": "maisons.tasks.publish_due_events", "schedule": 60},
    "publish-due-meetings": {"task": "conseils.tasks.publish_due_meetings", "schedule": 60},
    "release-expired": {"task": "maisons.tasks.release_expired", "schedule": 60},
    "release-expired-places": {"task": "permanences.tasks.release_expired", "schedule": 60},
    "release-expired-registrations": {"task": "associations.tasks.release_expired", "schedule": 60},
    "erase-outdated-reservations": {
        "task": "maisons.tasks.erase_outdated_reservations",
        "schedule": crontab(hour=3, minute=30),
    },
    "drain": {"task": "notifications.tasks.drain", "schedule": 120},
    "sweep-reminders": {"task": "notifications.tasks.sweep_reminders", "schedule": 300},
    "drain_sms": {"task": "notifications.tasks.drain_sms", "schedule": 120},
    "erase-outdated-messages": {
        "task": "notifications.tasks.erase_outdated_messages",
        "schedule": crontab(hour=3, minute=40),
    },
    "erase-outdated-subscriptions": {
        "task": "maisons.tasks.erase_outdated_subscriptions",
        "schedule": crontab(hour=3, minute=45),
    },
    "erase-outdated-councils": {
        "task": "conseils.tasks.erase_outdated",
        "schedule": crontab(hour=3, minute=55),
    },
    "send-day-sheets": {
        "task": "permanences.tasks.send_day_sheets",
        "schedule": crontab(hour="7-9", minute="*/10"),
    },
    "erase-outdated-appointments": {
        "task": "permanences.tasks.erase_outdated",
        "schedule": crontab(hour=3, minute=45),
    },
    "erase-outdated-registrations": {
        "task": "associations.tasks.erase_outdated",
        "schedule": crontab(hour=3, minute=40),
    },
    "erase-outdated-remarks": {
        "task": "portail.tasks.erase_outdated_remarks",
        "schedule": crontab(hour=3, minute=50),
    },
    "erase-ended-sessions": {
        "task": "comptes.tasks.erase_ended_sessions",
        "schedule": crontab(hour=3, minute=35),
    },
    "erase-orphan-files": {
        "task": "documents.tasks.erase_orphans",
        "schedule": crontab(hour=3, minute=55),
    },
    "erase-old-counts": {
        "task": "comptes.tasks.erase_old_counts",
        "schedule": crontab(hour=3, minute=40),
    },
}

AUTH_USER_MODEL = "comptes.Compte"
AUTHENTICATION_BACKENDS = [
    "comptes.backends.MandatBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "comptes.robustesse.RobustesseValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["courriel", "nom"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portail:mon_espace"
ACCOUNT_LOGOUT_REDIRECT_URL = "portail:accueil"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "courriel"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # without a password, a code by e-mail
ACCOUNT_ADAPTER = "notifications.compte.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "comptes.forms.LoginForm",
    "signup": "comptes.forms.SignupForm",
    "add_email": "comptes.forms.AddEmailForm",
    "change_email": "comptes.forms.ChangeEmailForm",
    "change_password": "comptes.forms.ChangePasswordForm",
    "set_password": "comptes.forms.SetPasswordForm",
    "reset_password": "comptes.forms.ResetPasswordForm",
    "reset_password_from_key": "comptes.forms.ResetPasswordKeyForm",
    "reauthenticate": "comptes.forms.ReauthenticateForm",
    "request_login_code": "comptes.forms.RequestLoginCodeForm",
    "confirm_login_code": "comptes.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "comptes.forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "comptes.forms.ConfirmPasswordResetCodeForm",
}
MFA_ADAPTER = "comptes.protection.MFAAdapter"
MFA_FORMS = {
    "authenticate": "comptes.forms.AuthenticateForm",
    "reauthenticate": "comptes.forms.ReauthenticateFactorForm",
    "activate_totp": "comptes.forms.ActivateTOTPForm",
    "add_webauthn": "comptes.forms.AddKeyForm",
    "authenticate_webauthn": "comptes.forms.AuthenticateKeyForm",
    "reauthenticate_webauthn": "comptes.forms.ReauthenticateKeyForm",
    "login_webauthn": "comptes.forms.LoginKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # the code before and the one after: a slow hand, a clock that is wrong
ACCOUNT_RATE_LIMITS = False  # ours outlive the cache, and know the houses (comptes/limites.py)
ACCOUNT_USER_DISPLAY = "comptes.models.display_name"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# A mail may be slow: as long as a sign-up has (allauth's default for that is 15 minutes).
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 9, "dashed": True}  # 482-190-377
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
# Those of the houses: many people behind one address (comptes/limites.py).
TRUSTED_NETWORKS = [ip_network(given) for given in env.list("TRUSTED_NETWORKS", default=[])]

# Seconds: answers about an address leave at multiples of it, so that time tells nothing; the second
# one where a password is hashed or an account is made.
PACE, PACE_WITH_PASSWORD = 0.15, 1.0

LANGUAGE_CODE = "fr"
PHONENUMBER_DEFAULT_REGION = "FR"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "documents.depot.PrivateStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Files received: no address leads there. What is sent where no file is asked for is thrown away.
MEDIA_ROOT = env.path("MEDIA_ROOT", default=BASE_DIR / "var" / "documents")
FILE_UPLOAD_HANDLERS = ["documents.televersement.BoundedUploadHandler"]
DOCUMENT_SIZES = {"pdf": 50_000_000, "image": 20_000_000, "bureautique": 20_000_000}  # bytes
DOCUMENT_PATIENCE = 30  # seconds to look into one
# A command that reads a file on its input and ends with 0 (sound) or 1 (a virus).
ANTIVIRUS = shlex.split(env.str("ANTIVIRUS", default=""))

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 20  # seconds for each answer of the mail server
# The provider of SMS: an https address, « console: », or nothing (then the desk calls).
SMS_URL = env.str("SMS_URL", default="")
SMS_TOKEN, SMS_SENDER = env.str("SMS_TOKEN", default=""), env.str("SMS_SENDER", default="")
# Half of the mark that tells a restored database (notifications/retenue.py).
STATE_DIR = env.path("STATE_DIR", default=BASE_DIR / "var" / "etat")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="maisons@localhost")

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

DEFAULT_EXCEPTION_REPORTER_FILTER = "portail.journal.DiscreetReports"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "portail.journal.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Those that have handlers of their own give them up: one way out, which masks codes.
    "loggers": {
        name: {"handlers": [], "propagate": True}
        for name in ("django", "django.server", "gunicorn.error", "gunicorn.access")
    },
}
