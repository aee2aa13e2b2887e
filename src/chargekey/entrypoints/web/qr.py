"""A link as a QR code: SVG path data, drawn with the page's own classes and without any style of its own."""

from itertools import groupby

import segno


def qr_path(link: str) -> tuple[str, int]:
    """Path data with one square a dark module, and how many modules a side has (no margin: the page gives it)."""
    code = segno.make(link, error="m", micro=False)
    rows = [list(row) for row in code.matrix]
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        for dark, group in groupby(row):
            width = len(list(group))
            if dark:
                strokes.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(strokes), len(rows)
