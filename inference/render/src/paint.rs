//! The colour of a model, read in linear light, and pixels written from it.

use image::RgbImage;
use inference_mesh::colour::{linear_table, stored_byte};
use inference_mesh::number::{at, floor, index, real};
use inference_mesh::{Charts, Model, Paint};

use crate::crew::share_out;

/// Steps of light that the way back to stored bytes knows: the darkest stored values are two steps apart.
const STEPS: usize = 8192;

/// How much sharper the texture is read than its pixels in the picture ask for, in levels.
const SHARPER: f32 = 0.25;

/// Turns stored bytes into light and back, without working out a power each time.
pub(crate) struct Tones {
    linear: [f32; 256],
    stored: Vec<u8>,
}

impl Tones {
    pub(crate) fn new() -> Self {
        let stored = (0..=STEPS).map(|step| stored_byte(real(step) / real(STEPS))).collect();
        Self { linear: linear_table(), stored }
    }

    pub(crate) fn light(&self, stored: u8) -> f32 {
        self.linear[usize::from(stored)]
    }

    pub(crate) fn stored(&self, light: f32) -> u8 {
        self.stored[floor(light * real(STEPS) + 0.5).min(STEPS)]
    }
}

/// Is what a triangle carries from its corners: points of the texture in its pixels, or light.
pub(crate) struct Coat {
    corners: [[f32; 3]; 3],
    /// Twice the area in pixels of the texture.
    area: f32,
}

/// Is a model's colour.
pub(crate) struct Painter<'a> {
    pub(crate) tones: Tones,
    paint: Work<'a>,
}

enum Work<'a> {
    /// The texture, and it again at half the size, and so on: what is far away is read from a small one.
    Texture {
        charts: &'a Charts,
        image: &'a RgbImage,
        smaller: Vec<RgbImage>,
    },
    Vertices {
        colours: &'a [[u8; 3]],
        triangles: &'a [[u32; 3]],
    },
}

impl<'a> Painter<'a> {
    pub(crate) fn new(model: &'a Model, threads: usize) -> Self {
        let tones = Tones::new();
        let paint = match &model.paint {
            Paint::Texture { charts, image } => {
                Work::Texture { charts, image, smaller: smaller(image, &tones, threads) }
            }
            Paint::Vertices(colours) => Work::Vertices { colours, triangles: &model.surface.triangles },
        };
        Self { tones, paint }
    }

    /// Gives what lies over a triangle; nothing if the paint has none for it.
    pub(crate) fn coat(&self, face: u32) -> Option<Coat> {
        match &self.paint {
            Work::Texture { charts, image, .. } => {
                let (width, height) = (image.width(), image.height());
                let point = |point: u32| {
                    let [x, y] = *charts.points.get(at(point))?;
                    Some([x * real(at(width)), y * real(at(height)), 0.0])
                };
                let [first, second, third] = *charts.triangles.get(at(face))?;
                let corners = [point(first)?, point(second)?, point(third)?];
                (width > 0 && height > 0).then_some(Coat { corners, area: area(corners) })
            }
            Work::Vertices { colours, triangles } => {
                let [a, b, c] = *triangles.get(at(face))?;
                let light = |vertex: u32| Some(colours.get(at(vertex))?.map(|part| self.tones.light(part)));
                Some(Coat { corners: [light(a)?, light(b)?, light(c)?], area: 0.0 })
            }
        }
    }

    /// Gives the light of a coat at its corners' parts; `area` is twice the triangle's area in the picture.
    pub(crate) fn light(&self, coat: &Coat, parts: [f32; 3], area: f32) -> [f32; 3] {
        let carried =
            [0, 1, 2].map(|channel| (0..3).map(|corner| coat.corners[corner][channel] * parts[corner]).sum::<f32>());
        let Work::Texture { image, smaller, .. } = &self.paint else { return carried };
        // A level up is a quarter of the area.
        let wanted = (0.5 * (coat.area / area).log2() - SHARPER).max(0.0).min(real(smaller.len()));
        let level = floor(wanted);
        let share = wanted - real(level);
        let read = |level: usize| {
            let image = if level == 0 { *image } else { &smaller[level - 1] };
            self.between(image, carried, 1.0 / real(1 << level))
        };
        let near = read(level);
        if share <= 0.0 {
            return near;
        }
        let far = read(level + 1);
        [0, 1, 2].map(|channel| near[channel] + (far[channel] - near[channel]) * share)
    }

    /// Gives the light between the four pixels around a point of the texture.
    fn between(&self, image: &RgbImage, point: [f32; 3], scale: f32) -> [f32; 3] {
        let (width, height) = (at(image.width()), at(image.height()));
        let x = (point[0] * scale - 0.5).clamp(0.0, real(width - 1));
        let y = (point[1] * scale - 0.5).clamp(0.0, real(height - 1));
        let (left, top) = (floor(x), floor(y));
        let (right, down) = (x - real(left), y - real(top));
        let pixels = image.as_raw();
        let one = |column: usize, row: usize, channel: usize| {
            let pixel = row.min(height - 1) * width + column.min(width - 1);
            self.tones.light(pixels[pixel * 3 + channel])
        };
        [0, 1, 2].map(|channel| {
            let above = one(left, top, channel) * (1.0 - right) + one(left + 1, top, channel) * right;
            let below = one(left, top + 1, channel) * (1.0 - right) + one(left + 1, top + 1, channel) * right;
            above * (1.0 - down) + below * down
        })
    }
}

/// Gives twice the area of a triangle in the texture.
fn area([a, b, c]: [[f32; 3]; 3]) -> f32 {
    ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs()
}

/// Makes the smaller textures, each half as large as the one before, down to one pixel on a side.
fn smaller(image: &RgbImage, tones: &Tones, threads: usize) -> Vec<RgbImage> {
    let mut levels: Vec<RgbImage> = Vec::new();
    loop {
        let last = levels.last().unwrap_or(image);
        if last.width().min(last.height()) <= 1 {
            return levels;
        }
        let (width, height) = (at(last.width()), at(last.height()));
        let mut half = RgbImage::new(index(width / 2), index(height / 2));
        let rows = half.chunks_mut(width / 2 * 3).enumerate();
        share_out(threads, rows, |(row, bytes)| {
            let above = &last.as_raw()[row * 2 * width * 3..][..width * 3];
            let below = &last.as_raw()[(row * 2 + 1) * width * 3..][..width * 3];
            for (number, byte) in bytes.iter_mut().enumerate() {
                let first = number / 3 * 6 + number % 3;
                let four = [above[first], above[first + 3], below[first], below[first + 3]];
                *byte = tones.stored(four.iter().map(|part| tones.light(*part)).sum::<f32>() / 4.0);
            }
        });
        levels.push(half);
    }
}
