"""(being written)"""

from reports.blocks import Document


def write(document: Document) -> bytes:
    return b""
