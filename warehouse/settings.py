"""Every environment variable, typed and frozen.

Built once at an entry point and passed down; nothing reads the environment at import.
"""

from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL_SITE: Final = "http://127.0.0.1:8000"


class Settings(BaseSettings):
    """How this installation is set up.  Each field is ``WAREHOUSE_`` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="WAREHOUSE_", frozen=True)

    data: Path = Path("var")
    """Folder of the embedded database, keys and logs."""

    database_url: str | None = None
    """PostgreSQL, as the application role.  Unset: the embedded server in *data*."""

    owner_database_url: str | None = None
    """PostgreSQL, as the owner role: migrations only."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)

    public_url: str = Field(default="", pattern="^(https?://[^/]+)?$")
    """Where the outside reaches this installation: the QR codes of papers lead there.

    Empty: where the web program listens.
    """

    pool_size: int = Field(default=20, ge=1)
    """Database connections of one web process, and requests that work at once."""

    customs_url: str = ""
    """Where the customs gateway listens.  Empty: filings wait."""

    customs_keys: Path | None = None
    """Folder with our signing key and the certificate of customs."""

    mail_server: str = ""
    """``host:port`` of the server that takes our mail; empty: nobody is told by mail."""

    mail_from: str = ""
    mail_to: str = ""
    """Who is on duty; several addresses with commas between."""

    line_token: str = ""
    """Access token of our LINE channel; empty: nobody is told by LINE."""

    line_to: str = ""
    """The LINE user, group or room that is told."""

    secure_cookies: bool = False
    """True behind TLS: cookies are marked Secure and named ``__Host-``."""

    premises: str = ""
    """Code of the premises whose licence this installation serves; empty: the only one."""

    worker_threads: int = Field(default=2, ge=1, le=32)

    @property
    def site(self) -> str:
        """Where the QR codes of papers lead."""
        return self.public_url or f"http://{self.host}:{self.port}"
