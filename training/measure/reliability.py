"""The reliability diagram as SVG; its bins and the calibration error are those of ``rag.evaluation.reliability``."""

import numpy as np
from numpy.typing import NDArray

from onrecord.rag.evaluation.reliability import bins, calibration_error


def single_calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error of one set of questions. *Shapes:* ``(n,)``, ``(n,)``."""
    return float(calibration_error(confidences, right.astype(float), np.ones((1, len(right))))[0])


def diagram(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> str:
    """Return the reliability diagram: a dot for each bin, larger for more questions, on the diagonal where honest.

    *Shapes:* ``(n,)``, ``(n,)``.
    """
    made = bins(confidences, right.astype(float))
    size, margin = 320, 44
    whole = size + 2 * margin
    most = max((each.count for each in made), default=1)

    def at(share: float, *, down: bool = False) -> float:
        return round(margin + size * (1 - share if down else share), 1)

    error = single_calibration_error(confidences, right)
    title = f"{len(right)} questions, expected calibration error {error:.3f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif">',
        f"<title>Reliability: {title}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{margin}" y="{margin - 16}" font-size="13" fill="#222222">Reliability: {title}</text>',
        f'<rect x="{margin}" y="{margin}" width="{size}" height="{size}" fill="none" stroke="#999999"/>',
        f'<path d="M{margin} {margin + size}L{margin + size} {margin}" stroke="#999999" stroke-dasharray="4 4"/>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(
            f'<text x="{at(tick)}" y="{margin + size + 16}" text-anchor="middle" fill="#444444">{tick:g}</text>'
        )
        parts.append(
            f'<text x="{margin - 6}" y="{at(tick, down=True) + 4}" text-anchor="end" fill="#444444">{tick:g}</text>'
        )
    for each in made:
        radius = round(3 + 11 * (each.count / most) ** 0.5, 1)
        parts.append(
            f'<circle cx="{at(each.confidence)}" cy="{at(each.right, down=True)}" r="{radius}" fill="#1f6feb" '
            f'fill-opacity="0.65"><title>{each.count} questions: confidence {each.confidence:.2f}, '
            f"right {each.right:.2f}</title></circle>"
        )
    middle = margin + size / 2
    parts.append(f'<text x="{middle}" y="{margin + size + 34}" text-anchor="middle" fill="#222222">confidence</text>')
    parts.append(
        f'<text x="14" y="{middle}" text-anchor="middle" fill="#222222" transform="rotate(-90 14 {middle})">'
        "share of highlights that are right (F1 &gt; 0.5)</text>"
    )
    parts.append("</svg>\n")
    return "\n".join(parts)
