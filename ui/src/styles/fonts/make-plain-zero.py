"""Makes the plain zero of the portal's headings and texts: Atkinson Hyperlegible Next's own zero (U+0030) without its slash.

    pip install fonttools brotli
    python make-plain-zero.py <folder with the woff2 files of @fontsource-variable/atkinson-hyperlegible-next> <output folder>

The outline, the widths (proportional and tabular) and the weight axis stay those of the font. Only the two halves of the counter, which the
slash divides, become one: the outer contour scaled to where the halves end.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from fontTools.varLib.iup import iup_delta

NAME = "i-Learn Plain Zero"


def counter(points, ends):
    """The outer contour, scaled to the extremes of the two halves of the counter, and turned round."""
    outer, inner = points[: ends[0] + 1], points[ends[0] + 1 : ends[2] + 1]

    def scale(axis):
        low, high = (f(p[axis] for p in outer) for f in (min, max))
        low_in, high_in = (f(p[axis] for p in inner) for f in (min, max))
        return lambda v: low_in + (v - low) * (high_in - low_in) / (high - low)

    x, y = scale(0), scale(1)
    return [(x(p[0]), y(p[1])) for p in reversed(outer)]


def plain(font):
    glyph = font["glyf"]["zero"]
    points, ends, flags = glyph.getCoordinates(font["glyf"])
    points, flags = list(points), list(flags)
    size = ends[0] + 1
    hole = counter(points, ends)

    variations = []
    for variation in font["gvar"].variations["zero"]:
        deltas = iup_delta(variation.coordinates, points + [(0, 0)] * 4, list(ends))
        moved = [(px + dx, py + dy) for (px, py), (dx, dy) in zip(points, deltas)]
        hole_deltas = [(round(a - c), round(b - d)) for (a, b), (c, d) in zip(counter(moved, ends), hole)]
        outer_deltas = [(round(dx), round(dy)) for dx, dy in deltas[:size]]
        phantom = [(round(dx), round(dy)) for dx, dy in deltas[-4:]]
        variations.append(TupleVariation(variation.axes, outer_deltas + hole_deltas + phantom))

    made = Glyph()
    made.numberOfContours = 2
    made.coordinates = GlyphCoordinates([(round(px), round(py)) for px, py in points[:size] + hole])
    made.endPtsOfContours = [size - 1, 2 * size - 1]
    made.flags = bytearray(flags[:size] + list(reversed(flags[:size])))
    made.program = glyph.program
    made.recalcBounds(font["glyf"])
    font["glyf"]["zero"] = made
    font["gvar"].variations["zero"] = variations


def make(source, target, style):
    font = TTFont(source)
    plain(font)
    options = subset.Options(layout_features=["tnum", "pnum"], hinting=False, name_IDs=[0, 1, 2, 3, 4, 6, 13, 14], flavor="woff2")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[0x30])
    subsetter.subset(font)
    names = {1: NAME, 3: f"{NAME} {style}", 4: f"{NAME} {style}", 6: f"iLearnPlainZero-{style}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font["name"].setName("SIL Open Font License, Version 1.1", 13, 3, 1, 0x409)
    font.flavor = "woff2"
    font.save(target)


folder, output = Path(sys.argv[1]), Path(sys.argv[2])
for part, style in (("normal", "Regular"), ("italic", "Italic")):
    make(folder / f"atkinson-hyperlegible-next-latin-wght-{part}.woff2", output / f"plain-zero-{part}.woff2", style)
