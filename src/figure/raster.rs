//! An SVG as a PNG, with the embedded fonts: the same bytes on every machine.
//! Knows nothing of what the picture shows. `resvg` paints; the size of a pixel is written into the file (`pHYs`,
//! PNG specification 11.3.4.3), so that a figure for paper is placed at its true width.

use std::sync::{Arc, OnceLock};

use resvg::{tiny_skia, usvg};

use super::Audience;

/// Options with DejaVu Sans as the only family.
fn options() -> &'static usvg::Options<'static> {
    static OPTIONS: OnceLock<usvg::Options<'static>> = OnceLock::new();
    OPTIONS.get_or_init(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(dejavu::sans::regular())));
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(dejavu::sans::bold())));
        fonts.set_sans_serif_family("DejaVu Sans");
        usvg::Options {
            fontdb: Arc::new(fonts),
            font_family: "DejaVu Sans".to_owned(),
            ..usvg::Options::default()
        }
    })
}

/// The parsed document.
pub(super) fn tree(svg: &str) -> Result<usvg::Tree, String> {
    usvg::Tree::from_str(svg, options()).map_err(|e| format!("the figure is not a readable SVG: {e}"))
}

/// A figure as PNG on white, at the resolution of its audience.
///
/// # Errors
/// Text that is no SVG, or a picture too large for memory.
pub fn png(svg: &str, audience: Audience) -> Result<Vec<u8>, String> {
    let tree = tree(svg)?;
    let size = tree.size();
    let zoom = audience.pixels() as f32 / size.width();
    let (wide, high) =
        ((size.width() * zoom).round().max(1.0) as u32, (size.height() * zoom).round().max(1.0) as u32);
    let mut pixels = tiny_skia::Pixmap::new(wide, high)
        .ok_or_else(|| format!("a figure of {wide} by {high} pixels does not fit into memory"))?;
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(zoom, zoom), &mut pixels.as_mut());
    let bytes = pixels.encode_png().map_err(|e| format!("the figure could not be written as PNG: {e}"))?;
    Ok(match audience.pixels_per_metre() {
        Some(density) => with_density(bytes, density),
        None => bytes,
    })
}

/// The PNG with a `pHYs` chunk after its header (8 bytes of signature, 25 of `IHDR`).
fn with_density(png: Vec<u8>, pixels_per_metre: u32) -> Vec<u8> {
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(pixels_per_metre.to_be_bytes());
    chunk.extend(pixels_per_metre.to_be_bytes());
    chunk.push(1);
    let sum = checksum(&chunk);
    let mut out = png[..33].to_vec();
    out.extend(9u32.to_be_bytes());
    out.extend(chunk);
    out.extend(sum.to_be_bytes());
    out.extend(&png[33..]);
    out
}

/// CRC-32 of a chunk (ISO 3309, polynomial 0xEDB88320 reflected).
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |s, _| if s & 1 == 1 { (s >> 1) ^ 0xEDB8_8320 } else { s >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_an_empty_end_chunk_is_the_known_one() {
        assert_eq!(checksum(b"IEND"), 0xAE42_6082);
    }

    #[test]
    fn a_paper_figure_is_a_png_of_1004_pixels_that_states_300_dots_per_inch() {
        let svg = super::super::canvas::Picture::new(241.0, 100.0).svg(("85mm", "35mm"), "", "");
        let bytes = png(&svg, Audience::Paper85).unwrap();
        assert_eq!(&bytes[16..20], &1004u32.to_be_bytes());
        assert_eq!(&bytes[37..41], b"pHYs");
        assert_eq!(&bytes[41..45], &11811u32.to_be_bytes());
        assert!(tiny_skia::Pixmap::decode_png(&bytes).is_ok());
    }

    #[test]
    fn what_is_no_svg_is_an_error_and_not_a_panic() {
        assert!(png("hello", Audience::Screen).is_err());
    }
}
