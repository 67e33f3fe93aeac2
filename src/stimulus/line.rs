//! Stimuli as readable lines: `"20 nM from 2 h for 6 h"`.
//! Knows nothing of values: it finds the clauses of a line and gives them to the kind's reader, as a table would.

use super::Schedule;
use super::fields::{Fields, Given, Reader};
use super::number::is_name;
use super::{constant, pulse, ramp, sine, taper};
use crate::diagnostic::{Finding, Span, nearest};
use crate::unit::Unit;

/// Each word is compared with the others: a line of megabytes would take hours.
const LONGEST_LINE: usize = 500;

/// One way to write a line.
struct Form {
    kind: &'static str,
    /// First word; empty where the line begins with a level.
    head: &'static str,
    clauses: &'static [Clause],
    example: &'static str,
    read: fn(&Fields, &mut Reader) -> Option<Schedule>,
}

/// `every 1 d`: the word, the key of the table that it stands for, a word that ends it.
struct Clause {
    word: &'static str,
    key: &'static str,
    last: &'static str,
    required: bool,
}

const fn clause(word: &'static str, key: &'static str) -> Clause {
    Clause { word, key, last: "", required: true }
}

const fn optional(word: &'static str, key: &'static str, last: &'static str) -> Clause {
    Clause { word, key, last, required: false }
}

static FORMS: [Form; 5] = [
    Form {
        kind: "constant",
        head: "",
        clauses: &[clause("", "level")],
        example: "20 nM",
        read: constant::read,
    },
    Form {
        kind: "ramp",
        head: "ramp",
        clauses: &[clause("from", "from"), clause("to", "to"), clause("over", "over")],
        example: "ramp from 0 nM to 20 nM over 6 h",
        read: ramp::read,
    },
    Form {
        kind: "taper",
        head: "taper",
        clauses: &[
            clause("from", "from"),
            optional("to", "to", ""),
            clause("over", "over"),
            optional("in", "steps", "steps"),
            optional("exponentially", "shape", ""),
        ],
        example: "taper from 20 nM to 0 nM over 30 d in 6 steps",
        read: taper::read,
    },
    Form {
        kind: "sine",
        head: "sine",
        clauses: &[clause("of", "amplitude"), clause("around", "mean"), clause("every", "period")],
        example: "sine of 10 nM around 20 nM every 1 d",
        read: sine::read,
    },
    Form {
        kind: "pulse",
        head: "",
        clauses: &[
            clause("", "level"),
            optional("from", "start", ""),
            optional("for", "width", ""),
            optional("to", "to", ""),
            optional("every", "every", ""),
            optional("on", "days", ""),
            optional("", "count", "times"),
        ],
        example: "20 nM from 10:00 for 6 h every 1 d",
        read: pulse::read,
    },
];

/// A word of a line, and its bytes.
type Word<'t> = (&'t str, usize);

/// A clause of this line: which, its words, and the bytes where it stands.
struct Part<'t> {
    clause: &'static Clause,
    words: Vec<Word<'t>>,
    at: usize,
}

pub(super) fn read(text: &str, at: &Span, reader: &mut Reader) -> Option<Schedule> {
    if text.len() > LONGEST_LINE {
        let what = format!("a stimulus line has at most {LONGEST_LINE} bytes, this one has {}", text.len());
        reader.findings.push(Finding::error(what).at(at).help("add several with `sum = [ … ]`"));
        return None;
    }
    let words = words(text);
    let form = form(&words);
    let mut line = Line { text, at, form, sound: true, reader: &mut *reader };
    if words.is_empty() {
        line.refuse(Finding::error("an empty text is no stimulus").at(at));
        return None;
    }
    let parts = line.parts(&words);
    line.misspelt_head(&parts);
    let mut list: Vec<(&str, Given)> = Vec::new();
    for part in &parts {
        if let Some(given) = line.value(part) {
            list.push((part.clause.key, given));
        }
    }
    line.complete(&parts);
    if !line.sound {
        return None;
    }
    (form.read)(&Fields { kind: form.kind, at: at.clone(), list }, reader)
}

fn words(text: &str) -> Vec<Word<'_>> {
    let separators = |c: char| c.is_whitespace() || c == ',';
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split(separators).filter(|word| !word.is_empty()).map(|word| (word, start(word))).collect()
}

fn form(words: &[Word]) -> &'static Form {
    let [constant, headed @ .., pulse] = &FORMS;
    let head = words.first().map_or("", |(word, _)| word);
    let keyword =
        |word: &str| pulse.clauses.iter().any(|c| !word.is_empty() && (c.word == word || c.last == word));
    match headed.iter().find(|form| form.head == head) {
        Some(form) => form,
        // One or two words are a level; more must be meant as something else.
        None if words.len() <= 2 && !words.iter().any(|(word, _)| keyword(word)) => constant,
        None => pulse,
    }
}

struct Line<'l, 'b, 'r> {
    text: &'l str,
    at: &'l Span,
    form: &'static Form,
    sound: bool,
    reader: &'b mut Reader<'r>,
}

impl<'l> Line<'l, '_, '_> {
    fn refuse(&mut self, finding: Finding) {
        self.sound = false;
        let finding = match finding.help {
            None => finding.help(format!("a correct line: `{}`", self.form.example)),
            Some(_) => finding.because(format!("a correct line: `{}`", self.form.example), None),
        };
        self.reader.findings.push(finding);
    }

    fn place(&self, (word, start): Word) -> Span {
        self.at.within(start..start + word.len())
    }

    /// Words of the form that this line does not have yet.
    fn keywords(&self) -> impl Iterator<Item = &'static str> {
        let has = |keyword: &str| words(self.text).iter().any(|(word, _)| *word == keyword);
        self.form
            .clauses
            .iter()
            .flat_map(|c| [c.word, c.last])
            .filter(move |word| !word.is_empty() && !has(word))
    }

    /// Cuts the line before each of the form's words, and before a number that `times` follows.
    fn parts(&mut self, words: &[Word<'l>]) -> Vec<Part<'l>> {
        let mut parts: Vec<Part> = Vec::new();
        let body = if self.form.head.is_empty() { words } else { &words[1..] };
        for (i, &(word, start)) in body.iter().enumerate() {
            let after = body.get(i + 1).map_or("", |(word, _)| *word);
            let opens = |c: &&Clause| {
                !c.word.is_empty() && c.word == word
                    || c.word.is_empty() && !c.last.is_empty() && c.last == after
            };
            match (self.form.clauses.iter().find(opens), parts.last_mut()) {
                (Some(clause), _) => {
                    let own = if clause.word.is_empty() { vec![(word, start)] } else { Vec::new() };
                    parts.push(Part { clause, words: own, at: start });
                }
                (None, Some(part)) => part.words.push((word, start)),
                (None, None) => match self.form.clauses.first() {
                    Some(clause) if clause.word.is_empty() => {
                        parts.push(Part { clause, words: vec![(word, start)], at: start })
                    }
                    _ => self.unexpected((word, start)),
                },
            }
        }
        parts
    }

    fn unexpected(&mut self, word: Word) {
        let finding = Finding::error(format!("`{}` is not expected here", word.0)).at(&self.place(word));
        let label =
            format!("not a word of {} line", if self.form.kind == "pulse" { "a pulse" } else { "this" });
        let finding = match nearest(word.0, self.keywords()) {
            Some(meant) => finding.label(label).help(format!("did you mean `{meant}`?")),
            None => finding.label(label),
        };
        self.refuse(finding);
    }

    /// `rampp from 0 nM to 20 nM`: the first word is no parameter, and close to the head of a form.
    fn misspelt_head(&mut self, parts: &[Part]) {
        let Some(&Part { clause: Clause { word: "", key: "level", .. }, ref words, .. }) = parts.first()
        else {
            return;
        };
        let [(word, start)] = words[..] else { return };
        if self.form.kind != "pulse" || !is_name(word) || (self.reader.reading.parameter)(word).is_some() {
            return;
        }
        if let Some(head) = nearest(word, FORMS.iter().map(|f| f.head).filter(|h| !h.is_empty())) {
            let finding = Finding::error(format!("`{word}` begins no line")).at(&self.place((word, start)));
            self.refuse(finding.help(format!("did you mean `{head}`?")));
        }
    }

    /// The words of a clause as one value.
    fn value(&mut self, part: &Part<'l>) -> Option<Given<'l>> {
        let keyword = if part.clause.word.is_empty() { part.clause.last } else { part.clause.word };
        let mut words = &part.words[..];
        if part.clause.word == "exponentially" {
            if let Some(&word) = words.first() {
                self.unexpected(word);
            }
            return Some(Given::Words("exponential", self.place((part.clause.word, part.at))));
        }
        if !part.clause.last.is_empty() {
            match words.iter().position(|(word, _)| *word == part.clause.last) {
                Some(end) => {
                    if let Some(&word) = words.get(end + 1) {
                        self.unexpected(word);
                    }
                    words = &words[..end];
                }
                None => {
                    let finding = Finding::error(format!(
                        "`{keyword}` needs the word `{}` after its number",
                        part.clause.last
                    ));
                    let at = self.place((keyword, part.at));
                    self.refuse(finding.at(&at));
                    return None;
                }
            }
        }
        let Some(&(first, start)) = words.first() else {
            let finding = Finding::error(format!("nothing stands after `{keyword}`"))
                .at(&self.place((keyword, part.at)));
            self.refuse(finding);
            return None;
        };
        if part.clause.key != "days" {
            self.stray(words)?;
        }
        let end = words.last().map_or(start + first.len(), |(word, at)| at + word.len());
        Some(Given::Words(&self.text[start..end], self.at.within(start..end)))
    }

    /// A value is a name, a number with its unit, or a clock time: any further word is a misspelt keyword or does not belong.
    fn stray(&mut self, words: &[Word]) -> Option<()> {
        let odd = words.iter().enumerate().skip(1).find(|(i, (word, _))| {
            let first = words[0].0;
            let unit = *i == 1 && !is_name(first) && Unit::parse(word).is_ok();
            let clock = *i == 1 && is_name(first) && word.contains(':');
            !unit && !clock
        });
        let Some((i, &word)) = odd else { return Some(()) };
        let misspelt = nearest(word.0, self.keywords()).is_some();
        match Unit::parse(word.0) {
            Err(sentence) if i == 1 && !misspelt && !is_name(words[0].0) => {
                let finding = Finding::error(sentence).at(&self.place(word));
                self.refuse(finding);
            }
            _ => self.unexpected(word),
        }
        None
    }

    fn complete(&mut self, parts: &[Part]) {
        for (i, part) in parts.iter().enumerate() {
            if let Some(first) = parts[..i].iter().find(|p| p.clause.key == part.clause.key) {
                let word = if part.clause.word.is_empty() { part.clause.last } else { part.clause.word };
                let finding = Finding::error(format!("`{word}` stands twice"))
                    .at(&self.at.within(part.at..part.at + word.len()));
                let first = self.at.within(first.at..first.at + word.len());
                self.refuse(finding.because("the first time here", Some(&first)));
            }
        }
        let missing: Vec<String> = self
            .form
            .clauses
            .iter()
            .filter(|c| c.required && !parts.iter().any(|p| p.clause.key == c.key))
            .map(|c| {
                if c.word.is_empty() {
                    "a level at its beginning".to_owned()
                } else {
                    format!("`{}`", c.word)
                }
            })
            .collect();
        if !missing.is_empty() && self.sound {
            let finding =
                Finding::error(format!("a {} line needs {}", self.form.kind, missing.join(" and ")))
                    .at(self.at);
            self.refuse(finding);
        }
        let ends = |key: &str| parts.iter().any(|p| p.clause.key == key);
        if self.form.kind == "pulse" && self.sound && !ends("width") && !ends("to") {
            let finding = Finding::error("this line does not say how long a pulse lasts").at(self.at);
            self.refuse(finding.help("write `for 6 h`, or `to 16:00`"));
        }
    }
}
