"""Pictures that people send: judged by their bytes, never by what they are called."""

import warnings
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_PIXELS: Final = 50_000_000

_MEDIA_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def media_type(content: bytes) -> str | None:
    """The media type of the picture *content*, decoded to its last row.

    None: it is no picture, or has more than `MOST_BYTES`.
    """
    if len(content) > MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=tuple(_MEDIA_TYPES)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                picture.load()
                return _MEDIA_TYPES[str(picture.format)]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning):  # fmt: skip
        return None
