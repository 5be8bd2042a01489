"""What an operator can set, by environment (`PROMISEREEL_…`) or by argument, and what is generated once and kept."""

import contextlib
import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.errors import Outage, UsageError
from kit.mail import Security, SmtpSettings
from kit.s3_client import ChecksumKind, S3Settings
from kit.values import Value


class Settings(BaseSettings):
    """Everything an operator can set; what is unset runs embedded on this machine."""

    model_config = SettingsConfigDict(env_prefix="PROMISEREEL_", frozen=True, extra="forbid")

    data: Path = Field(default_factory=lambda: platformdirs.user_data_path("promise-reel"))
    """The one folder that holds everything, absolute."""
    database_url: str = Field(default_factory=lambda known: f"sqlite:///{known['data'] / 'promisereel.db'}", repr=False)
    broker_url: str | None = Field(default=None, repr=False)
    """`redis://…`; None starts Valkey here."""
    s3_endpoint: str | None = None
    """Where an own store is; with neither this nor keys, SeaweedFS is started here."""
    s3_public_endpoint: str | None = None
    s3_bucket: str = "promise-reel"
    s3_access_key: str | None = None
    s3_secret_key: str | None = Field(default=None, repr=False)
    s3_region: str = "us-east-1"
    s3_part_checksum: ChecksumKind | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_origin: str = Field(default_factory=lambda known: f"http://{known.get('host')}:{known.get('port')}")
    """How browsers name us: scheme, host and port, nothing after."""
    admin_token: str | None = Field(default=None, repr=False)
    """None uses the generated one (`load_secrets`)."""
    signing_key: str | None = Field(default=None, min_length=16, repr=False)
    """The same for every machine that serves the API; None uses the generated one, which is this machine's alone."""
    smtp_host: str | None = None
    """The server that sends our mail; None prints mail to the log."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Security = "starttls"
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)
    mail_from: str = "Promise Reel <no-reply@localhost>"
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=256)
    only: str = ""
    """What this machine's workers do: some of `inspect,render,package`, parted by commas; all when empty."""
    keep_footage_days: float = Field(default=180, ge=0, le=36500)
    """How long footage is kept after the last thing that was done in its project; never while a film needs it."""
    keep_pieces_days: float = Field(default=30, ge=0, le=36500)
    """How long the pieces of a film are kept after the last work on it, for quick changes."""
    keep_previews_days: float = Field(default=30, ge=0, le=36500)
    """How long packages are kept of previews, of films made anew since, and of films that were given up."""
    keep_packages_days: float = Field(default=730, ge=0, le=36500)
    """How long a film's package is kept after it was made; never shorter than a share link of it holds."""
    keep_archives_days: float = Field(default=30, ge=0, le=36500)
    """How long the zip of a package is kept; whoever asks later has another made."""
    keep_uploads_days: float = Field(default=7, ge=1, le=7)
    """How long an upload that is not completed is kept; a rule of the store's own ends it after 7 days."""
    keep_links_days: float = Field(default=90, ge=0, le=36500)
    """How long a share link is listed after it ran out or was revoked."""
    keep_events_days: float = Field(default=90, ge=1, le=36500)
    """How long steps and percents of jobs are kept for replay, and sent mail and webhooks."""
    least_free_gb: float = Field(default=2, ge=0, le=1e6)
    """A worker begins no step with less room on its disk, in GB (10^9 bytes)."""

    whisper_model: Path | None = None
    """Folder of a faster-whisper model, absolute; None recognises no words."""

    @field_validator("data", "whisper_model")
    @classmethod
    def _absolute(cls, folder: Path | None) -> Path | None:
        return folder and folder.expanduser().absolute()  # children run in other folders

    @field_validator("public_origin")
    @classmethod
    def _bare(cls, origin: str) -> str:
        return origin.rstrip("/")

    def s3(self) -> S3Settings | None:
        """The operator's own store, None when it is ours to start. Raises UsageError when only half is set."""
        if not (self.s3_endpoint or self.s3_access_key or self.s3_secret_key):
            return None
        if not (self.s3_access_key and self.s3_secret_key):
            raise UsageError("set both PROMISEREEL_S3_ACCESS_KEY and PROMISEREEL_S3_SECRET_KEY")
        return S3Settings(
            endpoint=self.s3_endpoint,
            public_endpoint=self.s3_public_endpoint,
            bucket=self.s3_bucket,
            access_key=self.s3_access_key,
            secret_key=self.s3_secret_key,
            region=self.s3_region,
            part_checksum=self.s3_part_checksum,
        )

    def smtp(self) -> SmtpSettings | None:
        """The operator's mail server, None when there is none."""
        if self.smtp_host is None:
            return None
        return SmtpSettings(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            sender=self.mail_from,
            user=self.smtp_user,
            password=self.smtp_password,
        )

    def with_parts(self, s3: S3Settings, broker_url: str) -> "Settings":
        """The same settings, with the store and the broker that were started here."""
        return self.model_copy(
            update={**{f"s3_{name}": value for name, value in s3.model_dump().items()}, "broker_url": broker_url}
        )

    def environment(self) -> dict[str, str]:
        """The variables that give a child process these very settings."""
        return {
            f"PROMISEREEL_{name.upper()}": str(value) for name, value in self.model_dump().items() if value is not None
        }


class Secrets(Value):
    """Generated for each installation, never a constant in the code."""

    admin_token: str = Field(repr=False)
    signing_key: str = Field(repr=False)
    s3_access_key: str = Field(repr=False)
    s3_secret_key: str = Field(repr=False)
    broker_password: str = Field(repr=False)


def load_settings(**given: Any) -> Settings:
    """Settings from the environment, with arguments (None means not given) before it. Raises UsageError."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise UsageError(f"the setting PROMISEREEL_{name} cannot be used: {first['msg']}") from error


def load_secrets(data: Path) -> Secrets:
    """The installation's secrets, generated on first use; the file is for its owner only (mode 600).

    Raises Outage when the data folder cannot be used.
    """
    path = data / "secrets.json"
    try:
        if not path.exists():
            _write_once(path, _generated().model_dump_json(indent=2))
        path.chmod(0o600)
        return Secrets.model_validate(json.loads(path.read_text()))
    except OSError as error:
        raise Outage(f"the data folder cannot be used: {error}") from error
    except ValueError as error:
        raise UsageError(f"{path} is damaged: move it away, and new secrets are made at the next start") from error


def _generated() -> Secrets:
    return Secrets(
        admin_token=secrets.token_urlsafe(24),
        signing_key=secrets.token_urlsafe(32),
        s3_access_key=secrets.token_hex(10).upper(),
        s3_secret_key=secrets.token_urlsafe(30),
        broker_password=secrets.token_urlsafe(24),
    )


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all, and the first of several writers wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")  # mode 600 from the start
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
