//! Ctrl-C: the first asks the run to stop, the second ends the program at once.
//! Knows nothing of what runs.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// What shells report of a program that an interrupt ended: 128 and the number of the signal.
pub const CODE: u8 = 130;

static STOP: AtomicBool = AtomicBool::new(false);

/// From now on an interrupt only sets the flag that is given. A request to terminate counts as one.
pub fn catch() -> &'static AtomicBool {
    // Where there is no handler to be had, an interrupt ends the program as ever.
    let _ = ctrlc::try_set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(CODE));
        }
        // If standard error is gone there is nobody left to tell.
        let _ = writeln!(
            anstream::stderr(),
            "\nstopping when the agents in hand are done; once more ends at once"
        );
    });
    &STOP
}

pub fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}
