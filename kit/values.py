"""The base of every noun that crosses a border between stages, a queue or the database."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value with a stable JSON form; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
