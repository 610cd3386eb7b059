//! The texels between the charts: they get colours of their neighbourhood, so that no smaller copy of the texture
//! bleeds.

use inference_mesh::number::byte;

/// Texels around each chart that repeat the colours at its border.
const BORDER: usize = 4;

/// Is one place of a level: how many texels of the finest level it knows, and the sum of their colours.
type Known = [f32; 4];

/// Fills every texel that is not `painted`; does nothing if none is. Texels are rows of `side`.
pub(super) fn fill(texels: &mut [[u8; 3]], painted: &mut [bool], side: usize) {
    widen(texels, painted, side);
    let finest = texels.iter().zip(painted.iter()).map(|(texel, painted)| {
        let [red, green, blue] = texel.map(f32::from);
        if *painted { [red, green, blue, 1.0] } else { [0.0; 4] }
    });
    let mut levels = vec![(side, halved(&finest.collect::<Vec<_>>(), side))];
    while let Some((finer, known)) = levels.last().filter(|(side, _)| *side > 2) {
        let side = finer.div_ceil(2);
        let next = halved(known, side);
        levels.push((side, next));
    }
    // From the coarsest level on, what a level does not know it takes from the one above.
    for number in (0..levels.len()).rev() {
        let Some(coarser) = levels.get(number + 1).map(|(_, known)| known.clone()) else { continue };
        let (finer_side, known) = &mut levels[number];
        let side = finer_side.div_ceil(2);
        let coarser_side = side.div_ceil(2);
        for (place, known) in known.iter_mut().enumerate() {
            if known[3] <= 0.0 {
                *known = coarser[place / side / 2 * coarser_side + place % side / 2];
            }
        }
    }
    let Some((_, known)) = levels.first() else { return };
    let half = side.div_ceil(2);
    for (place, texel) in texels.iter_mut().enumerate() {
        let [red, green, blue, count] = known[place / side / 2 * half + place % side / 2];
        if !painted[place] && count > 0.0 {
            *texel = [red, green, blue].map(|sum| byte(sum / count));
        }
    }
}

/// Carries the charts' borders a few texels outwards.
fn widen(texels: &mut [[u8; 3]], painted: &mut [bool], side: usize) {
    let around = |place: usize| {
        let (column, row) = (place % side, place / side);
        let rows = row.saturating_sub(1)..=(row + 1).min(side - 1);
        rows.flat_map(move |row| {
            (column.saturating_sub(1)..=(column + 1).min(side - 1)).map(move |column| row * side + column)
        })
    };
    let mut border: Vec<usize> = (0..texels.len()).filter(|place| painted[*place]).collect();
    for _ in 0..BORDER {
        let mut next: Vec<usize> =
            border.iter().flat_map(|place| around(*place)).filter(|place| !painted[*place]).collect();
        next.sort_unstable();
        next.dedup();
        let mean = |place: &usize| {
            let (mut sum, mut count) = ([0.0; 3], 0.0);
            for near in around(*place).filter(|near| painted[*near]) {
                sum = [0, 1, 2].map(|channel| sum[channel] + f32::from(texels[near][channel]));
                count += 1.0;
            }
            sum.map(|channel: f32| byte(channel / count))
        };
        let colours: Vec<_> = next.iter().map(mean).collect();
        for (place, colour) in next.iter().zip(colours) {
            texels[*place] = colour;
            painted[*place] = true;
        }
        border = next;
    }
}

/// Gives the level of half the side.
fn halved(finer: &[Known], side: usize) -> Vec<Known> {
    let half = side.div_ceil(2);
    let mut coarser = vec![[0.0; 4]; half * half];
    for (place, known) in finer.iter().enumerate() {
        let sum = &mut coarser[place / side / 2 * half + place % side / 2];
        *sum = [0, 1, 2, 3].map(|part| sum[part] + known[part]);
    }
    coarser
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn one_painted_texel_fills_the_whole_picture() {
        let mut texels = vec![[0; 3]; 37 * 37];
        let mut painted = vec![false; 37 * 37];
        (texels[100], painted[100]) = ([200, 100, 50], true);
        fill(&mut texels, &mut painted, 37);
        assert!(texels.iter().all(|texel| *texel == [200, 100, 50]));
    }

    #[test]
    fn painted_texels_keep_their_colour_and_the_others_are_between_them() {
        let mut texels: Vec<_> = (0..64 * 64).map(|place| [if place % 64 < 4 { 10 } else { 0 }; 3]).collect();
        texels[63] = [250; 3];
        let mut painted: Vec<_> = (0..64 * 64).map(|place| place % 64 < 4 || place == 63).collect();
        fill(&mut texels, &mut painted, 64);
        assert_eq!((texels[3], texels[63]), ([10; 3], [250; 3]));
        assert!(texels.iter().all(|texel| (10..=250).contains(&texel[0])));
    }
}
