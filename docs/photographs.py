"""Draws the photographs of the sample that is handed over: `python docs/photographs.py`. The same each time.

What an ROV sees: steel under water in the light of its lamps, with the line of text that its camera writes.
"""

import random
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

FOLDER = Path(__file__).parents[1] / "samples/photos"
SIZE = (960, 720)
WATER = (18, 62, 74)
EDGE = 110
TOP, BOTTOM = 170, 545


def noise(seed, size, blur, low=0, high=255):
    """A grey texture: random dots of `size` pixels in all, stretched over the picture and blurred."""
    width, height = size
    dots = Image.frombytes("L", size, random.Random(seed).randbytes(width * height))  # noqa: S311 - they hide nothing
    made = dots.resize(SIZE, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(blur))
    return made.point(lambda value: low + (high - low) * value // 255)


def texture(seed):
    """Noise at three scales, as growth and rust have it."""
    coarse, middle, fine = noise(seed, (24, 18), 6), noise(seed + 1, (120, 90), 2), noise(seed + 2, (480, 360), 1)
    return Image.blend(Image.blend(coarse, middle, 0.5), fine, 0.35)


def coloured(grey, dark, light):
    """A grey picture in the colours between two."""
    bands = [grey.point(lambda value, a=a, b=b: a + (b - a) * value // 255) for a, b in zip(dark, light, strict=True)]
    return Image.merge("RGB", bands)


def cylinder(top, bottom):
    """The light on a pipe that lies across the picture, and where the pipe is."""
    light, mask = Image.new("L", SIZE, 0), Image.new("L", SIZE, 0)
    draw, radius, middle = ImageDraw.Draw(light), (bottom - top) / 2, (top + bottom) / 2
    for y in range(top, bottom):
        across = (y - middle) / radius
        shade = max(0.0, (1 - across * across) ** 0.5 * 0.75 + 0.25 - 0.35 * max(0.0, across))
        draw.line((0, y, SIZE[0], y), fill=int(255 * min(1, shade)))
    ImageDraw.Draw(mask).rectangle((0, top, SIZE[0], bottom), fill=255)
    return light, mask.filter(ImageFilter.GaussianBlur(1.5))


def sea(seed):
    """Water with what drifts in it."""
    return coloured(texture(seed), (4, 24, 32), (36, 104, 116)).filter(ImageFilter.GaussianBlur(9))


def steel(seed, top=170, bottom=560, dark=(58, 62, 58), light=(190, 184, 160)):
    """A painted pipe in the sea."""
    lit, mask = cylinder(top, bottom)
    body = ImageChops.multiply(coloured(texture(seed), dark, light), Image.merge("RGB", [lit] * 3))
    return Image.composite(body, sea(seed + 50), mask)


def patch(picture, shape, colours, seed, blur=5, rough=60):
    """A picture with something of other colours in it, its edge uneven."""
    mask = Image.new("L", SIZE, 0)
    shape(ImageDraw.Draw(mask))
    uneven = ImageChops.add(
        mask.filter(ImageFilter.GaussianBlur(blur)), noise(seed, (160, 120), 2), 1, -128 + rough // 8
    )
    mask = ImageChops.multiply(
        uneven.point(lambda value: 255 if value > EDGE else 0),
        mask.filter(ImageFilter.MaxFilter(15)).filter(ImageFilter.GaussianBlur(9)),
    ).filter(ImageFilter.GaussianBlur(1.2))
    return Image.composite(coloured(texture(seed + 9), *colours), picture, mask)


def finished(picture, seed, line, day):
    """A picture in the light of two lamps, grainy, with the text of the camera."""
    lamp = Image.radial_gradient("L").resize((1500, 1300)).crop((270, 250, 1230, 970))
    lamp = ImageChops.invert(lamp).point(lambda value: min(255, 40 + value * 5 // 4))
    lit = ImageChops.multiply(picture, Image.merge("RGB", [lamp] * 3))
    hazy = Image.blend(lit, Image.new("RGB", SIZE, WATER), 0.16)
    grain = noise(seed + 77, SIZE, 0.8, 118, 138)
    hazy = ImageChops.add(hazy, Image.merge("RGB", [grain] * 3), 1, -128)
    draw, font = ImageDraw.Draw(hazy), ImageFont.load_default(22)
    for at, text in (((24, 20), line), ((24, SIZE[1] - 48), f"FRIGG SOR FS-A   2026-08-{day}   ROV 3")):
        draw.text((at[0] + 2, at[1] + 2), text, fill=(0, 0, 0), font=font)
        draw.text(at, text, fill=(232, 236, 220), font=font)
    return hazy


def weld():
    """A weld around a leg, with wall loss at its toe."""
    picture = steel(11)
    for at in range(-6, 60):
        y = 170 + at * 7
        box = (428 + (at % 2) * 3, y, 512, y + 16)
        picture = (
            patch(picture, lambda draw, box=box: draw.ellipse(box, fill=255), ((84, 78, 66), (214, 202, 172)), 5)
            if (TOP <= y < BOTTOM)
            else picture
        )
    rust = ((52, 24, 12), (178, 96, 44))
    return patch(picture, lambda draw: draw.ellipse((500, 290, 610, 420), fill=255), rust, 31)


def riser():
    """A riser with marine growth."""
    picture = steel(21, 120, 610, (70, 66, 40), (196, 184, 90))
    growth = ((28, 40, 20), (132, 150, 92))
    spots = random.Random(4)  # noqa: S311 - they hide nothing
    for number in range(16):
        x, y, r = spots.randrange(960), spots.randrange(140, 590), spots.randrange(30, 80)
        picture = patch(picture, lambda draw, b=(x - r, y - r, x + r, y + r): draw.ellipse(b, fill=255), growth, number)
    return picture


def coating():
    """A coating that has gone, bare steel and rust at the edge."""
    picture = steel(33, 100, 640, (92, 84, 16), (236, 200, 60))
    outline = [(300, 240), (560, 210), (690, 330), (620, 480), (380, 510), (260, 380)]
    picture = patch(picture, lambda draw: draw.polygon(outline, fill=255), ((60, 26, 12), (168, 88, 40)), 12)
    inner = [(350, 280), (540, 255), (640, 340), (580, 440), (400, 465), (320, 375)]
    return patch(picture, lambda draw: draw.polygon(inner, fill=255), ((60, 64, 66), (168, 172, 170)), 14)


def anode():
    """An anode of which little is left, on its bracket."""
    picture = steel(44, 60, 690, (40, 52, 50), (128, 146, 138))
    bracket = ((50, 50, 46), (150, 146, 132))
    for x in (250, 660):
        picture = patch(picture, lambda draw, x=x: draw.rectangle((x, 230, x + 46, 520), fill=255), bracket, x)
    body = [(230, 330), (400, 300), (520, 318), (730, 306), (742, 412), (600, 440), (440, 420), (240, 430)]
    return patch(picture, lambda draw: draw.polygon(body, fill=255), ((120, 122, 116), (250, 250, 240)), 17, 3)


def clamp():
    """A clamp with bolts, two of them missing."""
    picture = steel(55, 150, 580)
    band = ((44, 50, 56), (150, 162, 170))
    picture = patch(picture, lambda draw: draw.rectangle((380, 120, 580, 610), fill=255), band, 2, 2)
    for y, there in ((170, True), (290, False), (420, True), (540, False)):
        colours = ((90, 86, 70), (240, 230, 200)) if there else ((0, 4, 6), (30, 36, 38))
        picture = patch(picture, lambda draw, y=y: draw.ellipse((452, y - 28, 508, y + 28), fill=255), colours, y, 2)
    return picture


def span():
    """A pipe over the seabed with a gap under it."""
    picture = steel(66, 250, 430, (60, 64, 66), (180, 186, 180))
    sand = ((58, 52, 34), (170, 156, 112))
    picture = patch(
        picture,
        lambda draw: draw.polygon([(0, 520), (360, 560), (700, 556), (960, 500), (960, 720), (0, 720)], fill=255),
        sand,
        8,
        12,
    )
    return patch(picture, lambda draw: draw.polygon([(0, 380), (170, 420), (120, 560), (0, 560)], fill=255), sand, 3, 9)


PHOTOS = {
    "Weld at JB2-W01, loss at the toe": (weld, "JB2-W01   EL -41.5 m   HDG 214", 14),
    "Marine growth at R6-M02": (riser, "R6-M02   EL -88.9 m   HDG 038", 14),
    "Coating damage at R6-C06": (coating, "R6-C06   EL -92.4 m   HDG 041", 16),
    "Depleted anode at JB2-A03": (anode, "JB2-A03   EL -47.3 m   HDG 190", 14),
    "Clamp with missing bolts at BX14-C32": (clamp, "BX14-C32   EL -58.9 m   HDG 122", 26),
    "Free span at R12-F30": (span, "R12-F30   EL -95.1 m   HDG 305", 25),
}

if __name__ == "__main__":
    for number, (name, (draw, line, day)) in enumerate(PHOTOS.items(), 1):
        picture = finished(draw(), 10 * number, line, day)
        picture.save(FOLDER / f"{name}.jpg", "JPEG", quality=62, optimize=True)
