//! Colours for the pixels that have none, from those that do: averaged into ever smaller pictures, then drawn back.

/// Is a colour with the weight it carries; with weight 0 it is unknown.
pub(crate) type Weighted = [f32; 4];

/// Gives every pixel a colour: its own by its weight, and for the rest the mean of what is around it.
pub(crate) fn fill(width: usize, height: usize, pixels: &mut [Weighted]) {
    if width <= 1 && height <= 1 {
        return;
    }
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut smaller = vec![[0.0_f32; 4]; half_width * half_height];
    for y in 0..height {
        for x in 0..width {
            let pixel = pixels[y * width + x];
            let sum = &mut smaller[y / 2 * half_width + x / 2];
            for channel in 0..3 {
                sum[channel] += pixel[channel] * pixel[3];
            }
            sum[3] += pixel[3];
        }
    }
    for sum in &mut smaller {
        if sum[3] > 0.0 {
            let weight = sum[3];
            // One full pixel of the four is enough to be sure of the colour.
            *sum = [sum[0] / weight, sum[1] / weight, sum[2] / weight, weight.min(1.0)];
        }
    }
    fill(half_width, half_height, &mut smaller);

    for y in 0..height {
        for x in 0..width {
            let pixel = &mut pixels[y * width + x];
            if pixel[3] >= 1.0 {
                continue;
            }
            // Three parts of the nearest pixel of the smaller picture, one of the next, both ways.
            let beside = |place: usize, count: usize| {
                if place.is_multiple_of(2) { (place / 2).saturating_sub(1) } else { (place / 2 + 1).min(count - 1) }
            };
            let (near, far) = ([x / 2, y / 2], [beside(x, half_width), beside(y, half_height)]);
            for channel in 0..3 {
                let one = |x: usize, y: usize| smaller[y * half_width + x][channel];
                let row = |y: usize| one(near[0], y) * 0.75 + one(far[0], y) * 0.25;
                let around = row(near[1]) * 0.75 + row(far[1]) * 0.25;
                pixel[channel] = pixel[channel] * pixel[3] + around * (1.0 - pixel[3]);
            }
            pixel[3] = 1.0;
        }
    }
}
