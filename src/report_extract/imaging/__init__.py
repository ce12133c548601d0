"""Pages as pictures: light made even, made straight, with the rules found in them."""

from .picture import DPI, Part, Raster, blank, flattened, paper_of, parts, raster, skew_of, straightened

__all__ = [
    "DPI",
    "Part",
    "Raster",
    "blank",
    "flattened",
    "paper_of",
    "parts",
    "raster",
    "skew_of",
    "straightened",
]
