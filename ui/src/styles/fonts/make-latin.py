"""Makes the font that every page loads: Atkinson Hyperlegible Next as @fontsource publishes it, without what no page uses.

    pip install fonttools brotli
    python make-latin.py <folder with the woff2 files of @fontsource-variable/atkinson-hyperlegible-next> <output folder>

Left out are weights below 400, hinting, and signs that Dutch, French and English texts do not have: a quarter of the bytes. `tokens.css`
names the characters that stay.
"""

import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# Latin-1, Œ and œ, spaces, dashes, quotation marks, bullet, ellipsis, primes, fraction slash, euro, trade mark, arrows, minus.
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x131, 0x152, 0x153, 0x2BB, 0x2BC, 0x2C6, 0x2DA, 0x2DC),
    *range(0x2010, 0x2015),
    *(0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x202F, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044),
    *(0x20AC, 0x2122, 0x2191, 0x2193, 0x2212, 0x2215, 0xFEFF, 0xFFFD),
]


def main(source: Path, output: Path) -> None:
    font = TTFont(source / "atkinson-hyperlegible-next-latin-wght-normal.woff2")
    font = instancer.instantiateVariableFont(font, {"wght": (400, 400, 800)})
    # The subsetter needs the tables as they are in a file.
    file = io.BytesIO()
    font.flavor = None
    font.save(file)
    file.seek(0)
    font = TTFont(file)
    options = subset.Options(layout_features=["*"], hinting=False, flavor="woff2")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(output / "latin-normal.woff2")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
