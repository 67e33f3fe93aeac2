//! The table of digests as this build computes it.
//! Knows nothing of the committed one.

fn main() -> Result<(), String> {
    print!("{}", allostat::scenario::reference::table()?);
    Ok(())
}
