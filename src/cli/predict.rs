//! `--predict`: the lesson's question asked before anything is computed or shown, and what somebody answers.
//! Knows nothing of what becomes of the answer.
//!
//! Asked before interrupts are caught: there is nothing yet that an interrupt could leave half done, so it ends the program at once.

use std::io::{self, BufRead, Read};

use super::page::{self, Page};
use super::told;
use super::words::wrapped;
use crate::diagnostic::Finding;
use crate::scenario::Scenario;

/// In bytes; nobody types more, and what is no terminal may have no end.
const LONGEST: u64 = 64 << 10;

/// The reader's answer; `None` where the scenario asks for none, or nothing was answered.
pub fn asked(scenario: &Scenario, page: &mut Page) -> Option<String> {
    let lesson = &scenario.lesson;
    page.flush();
    if lesson.predict.is_empty() {
        page::tell(&[Finding::note("this scenario asks for no prediction, so there is nothing to answer")
            .help("scenarios ask with `predict` in `[lesson]`")]);
        return None;
    }
    // On standard error: what the run prints may go to a file.
    page::ask(&format!(
        "{}\n{}\n{}\nAn empty line ends the answer.\n> ",
        scenario.title,
        told::question(scenario),
        wrapped(&format!("Predict: {}", lesson.predict), 0)
    ));
    let answer = answer(&mut io::stdin().lock().take(LONGEST));
    match &answer {
        Ok(Some(_)) => {}
        Ok(None) => page::note(&["nothing was predicted; the run goes on".to_owned()]),
        Err(why) => page::note(&[format!("the prediction cannot be read: {why}; the run goes on")]),
    }
    answer.ok().flatten()
}

/// Lines up to an empty one or the end; `None` where there is nothing in them.
fn answer(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut lines: Vec<String> = Vec::new();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = from.read_until(b'\n', &mut bytes)?;
        let line = String::from_utf8_lossy(&bytes);
        let plain: String = line.trim().chars().filter(|c| *c == '\t' || !c.is_control()).collect();
        if read == 0 || plain.is_empty() {
            break;
        }
        lines.push(plain);
    }
    Ok(Some(lines.join("\n")).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Option<String> {
        answer(&mut &text[..]).unwrap()
    }

    #[test]
    fn an_answer_ends_with_an_empty_line_or_the_end() {
        assert_eq!(read(b"up\nthen down \n\nnot this\n").as_deref(), Some("up\nthen down"));
        assert_eq!(read(b"up\r\n  \r\nnot this").as_deref(), Some("up"));
        assert_eq!(read(b"no line break").as_deref(), Some("no line break"));
        for nothing in [&b""[..], b"\n", b" \nlate\n"] {
            assert_eq!(read(nothing), None);
        }
    }

    #[test]
    fn whatever_is_typed_is_a_text() {
        assert_eq!(read(b"\xff\x1b[31mred\n").as_deref(), Some("\u{fffd}[31mred"));
        let endless = io::repeat(b'x').take(LONGEST);
        let kept = answer(&mut io::BufReader::new(endless)).unwrap().unwrap();
        assert_eq!(kept.len() as u64, LONGEST);
    }
}
