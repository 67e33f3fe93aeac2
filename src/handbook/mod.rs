//! The page of a model: its equations typeset, its numbers with their sources, what it shows and what not, its figures.
//! Knows models, scenarios and figures; knows nothing of file systems or the terminal: pages are text, figures are SVG.
//!
//! `content` puts together what is told, for pages and for `allostat show` alike; `scene` finds what its figures show; `page` and
//! `index` write Markdown in the dialect of GitHub, where mathematics stands in backticks, which leave backslashes alone.

mod content;
mod equations;
mod index;
mod markdown;
mod page;
mod picture;
mod scene;
mod tables;
#[cfg(test)]
mod tests;

pub use content::{Content, Equation};
pub use index::index;
pub use page::{ModelPage, page};
pub use scene::scene;
