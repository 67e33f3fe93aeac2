//! Where units lie, while they are read in order.
//! Knows nothing of what is in a unit.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::walk::{Frame, Walk, frame_at, rows};
use super::{Store, refusal};

/// Files that are open at once, at most; units of one share lie in one file, those of several come in turn.
const OPEN: usize = 64;

/// Where a unit was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<str>,
    pub frame: Frame,
}

/// A unit's header: in which file, and at which byte.
struct Spot {
    unit: u64,
    file: u32,
    head: u64,
}

/// Of all units that are there, by unit; more than one of a unit that is there twice.
pub struct Spots {
    folder: PathBuf,
    files: Vec<Arc<str>>,
    spots: Vec<Spot>,
    open: BTreeMap<u32, File>,
}

impl Spots {
    pub fn of(store: &Store) -> Result<Spots, String> {
        let mut all = Spots {
            folder: store.folder.clone(),
            files: Vec::new(),
            spots: Vec::new(),
            open: BTreeMap::new(),
        };
        for name in store.files()?.into_keys() {
            let Some(opened) = store.opened(&name)? else { continue };
            let file = u32::try_from(all.files.len()).map_err(|_| "too many files with units".to_owned())?;
            match all.walked(opened, file) {
                // What was removed in between is elsewhere.
                Err(e) if all.folder.join(&name).exists() => {
                    return Err(refusal("read", &all.folder.join(&name), &e));
                }
                _ => all.files.push(name.into()),
            }
        }
        // Those of one unit stay in the order of their files.
        all.spots.sort_by_key(|spot| spot.unit);
        Ok(all)
    }

    fn walked(&mut self, opened: File, file: u32) -> io::Result<()> {
        let mut walk = Walk::of(opened)?;
        while let Some(frame) = walk.next()? {
            self.spots.push(Spot { unit: frame.header.unit, file, head: frame.head });
        }
        Ok(())
    }

    /// The first place of a unit whose rows fit their checksum, and these.
    pub fn whole(&mut self, unit: u64) -> Option<(Place, Vec<u8>)> {
        let first = self.spots.partition_point(|spot| spot.unit < unit);
        let of_unit: Vec<(u32, u64)> = self.spots[first..]
            .iter()
            .take_while(|spot| spot.unit == unit)
            .map(|s| (s.file, s.head))
            .collect();
        of_unit.into_iter().find_map(|(file, head)| {
            let (frame, body) = self.read(file, head).ok()??;
            let fits = frame.header.unit == unit && frame.header.fits(&body);
            fits.then(|| (Place { file: self.files[file as usize].clone(), frame }, body))
        })
    }

    fn read(&mut self, file: u32, head: u64) -> io::Result<Option<(Frame, Vec<u8>)>> {
        if !self.open.contains_key(&file) {
            if self.open.len() >= OPEN {
                self.open.clear();
            }
            self.open.insert(file, File::open(Path::join(&self.folder, &*self.files[file as usize]))?);
        }
        let Some(opened) = self.open.get_mut(&file) else { return Ok(None) };
        let Some(frame) = frame_at(opened, head)? else { return Ok(None) };
        let body = rows(opened, &frame)?;
        Ok(Some((frame, body)))
    }
}
