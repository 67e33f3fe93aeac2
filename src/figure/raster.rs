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
    written(&pixels, audience).map_err(|e| format!("the figure could not be written as PNG: {e}"))
}

/// The opaque picture as PNG without its alpha channel, which would make the file larger and say nothing.
fn written(pixels: &tiny_skia::Pixmap, audience: Audience) -> Result<Vec<u8>, png::EncodingError> {
    let colours: Vec<u8> =
        pixels.data().chunks_exact(4).flat_map(|rgba| [rgba[0], rgba[1], rgba[2]]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Flat areas and thin lines: rows as they are compress a quarter better than rows minus their neighbours.
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let density = audience.pixels_per_metre();
    encoder.set_pixel_dims(density.map(|d| png::PixelDimensions {
        xppu: d,
        yppu: d,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&colours)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

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
