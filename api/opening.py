"""Opening the use-cases over the parts that the settings name."""

import shutil

from kit.address import is_on_this_machine
from kit.database import open_engine
from kit.embedded import SEAWEED
from kit.errors import UsageError
from kit.mail import Post
from kit.s3 import S3Storage
from kit.settings import Settings
from pipeline.broker import make_app
from pipeline.dispatch import through
from pipeline.keeping import keep_of
from pipeline.ledger import Ledger
from pipeline.service import Service
from pipeline.upgrade import bring_up_to_date


def open_service(settings: Settings) -> Service:
    """The use-cases over database, store and broker. Raises UsageError when one of them is not named."""
    s3 = settings.s3()
    if s3 is None or settings.broker_url is None:
        raise UsageError(
            "Set PROMISEREEL_BROKER_URL and the PROMISEREEL_S3_… settings, "
            "or use `promisereel up`, which starts everything here."
        )
    engine = open_engine(settings.database_url)
    bring_up_to_date(engine)
    storage = S3Storage(s3)
    storage.ensure_bucket(settings.public_origin)
    return Service(
        engine,
        storage,
        through(make_app(settings.broker_url), Ledger(engine).kinds_of),
        post=Post(settings.smtp()),
        origin=settings.public_origin,
        keep=keep_of(settings),
        room=lambda: room_of_store(settings),
    )


def room_of_store(settings: Settings) -> int | None:
    """Bytes that the store of this machine still takes, as of now; None for a store elsewhere."""
    folder = settings.data / SEAWEED
    if not (settings.s3_endpoint and is_on_this_machine(settings.s3_endpoint) and folder.is_dir()):
        return None
    return shutil.disk_usage(folder).free - int(settings.least_free_gb * 1e9)
