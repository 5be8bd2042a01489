"""Opening the use-cases over the parts that the settings name."""

from kit.database import open_engine
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
    )
