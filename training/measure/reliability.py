"""The calibration error of one set of questions, and the reliability diagram of two readers as SVG."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.rag.evaluation.reliability import calibration_error

COLOURS = ("#1f6feb", "#d9730d")
SIZE, MARGIN = 320, 44


def single_calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error of one set of questions. *Shapes:* ``(n,)``, ``(n,)``."""
    return float(calibration_error(confidences, right.astype(float), np.ones((1, len(right))))[0])


def diagram(readers: Mapping[str, Sequence[tuple[int, float, float]]]) -> str:
    """Return the reliability diagram: a dot for each bin, larger for more questions, on the diagonal where honest.

    Args:
        readers: the bins of each reader by its name: how many questions, their mean confidence, the share right.
    """
    whole, middle = SIZE + 2 * MARGIN, MARGIN + SIZE / 2
    most = max(count for told in readers.values() for count, _, _ in told)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif">',
        f"<title>Reliability of the readers: {', '.join(readers)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#999999"/>',
        f'<path d="M{MARGIN} {MARGIN + SIZE}L{MARGIN + SIZE} {MARGIN}" stroke="#999999" stroke-dasharray="4 4"/>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        below, beside = _at(tick), _at(1 - tick) + 4
        parts += [
            f'<text x="{below}" y="{MARGIN + SIZE + 16}" text-anchor="middle" fill="#444444">{tick:g}</text>',
            f'<text x="{MARGIN - 6}" y="{beside}" text-anchor="end" fill="#444444">{tick:g}</text>',
        ]
    for number, ((name, told), colour) in enumerate(zip(readers.items(), COLOURS, strict=False)):
        parts.append(f'<text x="{MARGIN + 90 * number}" y="{MARGIN - 14}" fill="{colour}">● {name}</text>')
        for count, confidence, right in told:
            radius = round(3 + 11 * (count / most) ** 0.5, 1)
            parts.append(
                f'<circle cx="{_at(confidence)}" cy="{_at(1 - right)}" r="{radius}" fill="{colour}" '
                f'fill-opacity="0.65"><title>{name}, {count} questions: confidence {confidence:.2f}, '
                f"right {right:.2f}</title></circle>"
            )
    parts += [
        f'<text x="{middle}" y="{MARGIN + SIZE + 34}" text-anchor="middle" fill="#222222">confidence</text>',
        (
            f'<text x="14" y="{middle}" text-anchor="middle" fill="#222222" transform="rotate(-90 14 {middle})">'
            "share of first quotes that hold an answer</text>"
        ),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _at(share: float) -> float:
    return round(MARGIN + SIZE * share, 1)
