//! Rust text as words: enough to see which paths a file names.
//! Knows nothing of floors. Comments, strings and characters are left out.

use std::iter::Peekable;
use std::str::Chars;

/// An identifier, a number, `::`, or one sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// Counted from 1.
    pub line: usize,
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
}

/// All words of a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut reader = Reader { rest: text.chars().peekable(), line: 1 };
    let mut words = Vec::new();
    while let Some(first) = reader.next() {
        let line = reader.line;
        let text = match first {
            '/' if reader.peek() == Some('/') => {
                while reader.peek().is_some_and(|c| c != '\n') {
                    reader.next();
                }
                continue;
            }
            '/' if reader.peek() == Some('*') => {
                reader.comment();
                continue;
            }
            '"' => {
                reader.string();
                continue;
            }
            '\'' => {
                reader.character();
                continue;
            }
            c if c.is_whitespace() => continue,
            c if c.is_alphabetic() || c == '_' => match reader.name(c) {
                Some(name) => name,
                None => continue,
            },
            c if c.is_ascii_digit() => reader.number(c),
            ':' if reader.peek() == Some(':') => {
                reader.next();
                "::".to_owned()
            }
            c => c.to_string(),
        };
        words.push(Word { text, line });
    }
    words
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next();
        self.line += usize::from(c == Some('\n'));
        c
    }

    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    /// The characters still to come, without taking them.
    fn ahead(&self, n: usize) -> Option<char> {
        self.rest.clone().nth(n)
    }

    /// After `/`: comments nest.
    fn comment(&mut self) {
        let mut depth = 0;
        let mut before = '/';
        while let Some(c) = self.next() {
            match (before, c) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    before = c;
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
            before = ' ';
        }
    }

    /// After `"`.
    fn string(&mut self) {
        while let Some(c) = self.next() {
            match c {
                '\\' => {
                    self.next();
                }
                '"' => return,
                _ => {}
            }
        }
    }

    /// After `'`: a character, or a lifetime, of which the name stays.
    fn character(&mut self) {
        if self.peek() == Some('\\') {
            self.next();
            self.next();
            while self.next().is_some_and(|c| c != '\'') {}
        } else if self.ahead(1) == Some('\'') {
            self.next();
            self.next();
        }
    }

    /// `None` where the name was the prefix of a string, which is then taken too.
    fn name(&mut self, first: char) -> Option<String> {
        let mut name = String::from(first);
        while let Some(c) = self.peek().filter(|&c| c.is_alphanumeric() || c == '_') {
            name.push(c);
            self.next();
        }
        let hashes = self.rest.clone().take_while(|&c| c == '#').count();
        if matches!(name.as_str(), "r" | "br" | "cr") && self.ahead(hashes) == Some('"') {
            self.raw_string(hashes);
            return None;
        }
        if matches!(name.as_str(), "b" | "c") && self.peek() == Some('"') {
            self.next();
            self.string();
            return None;
        }
        Some(name)
    }

    /// Before the hashes.
    fn raw_string(&mut self, hashes: usize) {
        (0..=hashes).for_each(|_| _ = self.next());
        while let Some(c) = self.next() {
            let closed = self.rest.clone().take(hashes).filter(|&c| c == '#').count() == hashes;
            if c == '"' && closed {
                (0..hashes).for_each(|_| _ = self.next());
                return;
            }
        }
    }

    fn number(&mut self, first: char) -> String {
        let mut number = String::from(first);
        while let Some(c) = self.peek() {
            let point = c == '.' && self.ahead(1).is_some_and(|c| c.is_ascii_digit());
            if !(c.is_alphanumeric() || c == '_' || point) {
                break;
            }
            number.push(c);
            self.next();
        }
        number
    }
}

/// The words that are not under `#[cfg(test)]`, and the names of the files' modules that are.
pub fn without_tests(words: &[Word]) -> (Vec<Word>, Vec<String>) {
    let mut kept = Vec::new();
    let mut modules = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some(after) = attribute(words, at) else {
            kept.push(words[at].clone());
            at += 1;
            continue;
        };
        let inside = &words[at..after];
        let has = |text: &str| inside.iter().any(|w| w.text == text);
        if !(has("cfg") && has("test") && !has("not")) {
            kept.extend_from_slice(inside);
            at = after;
            continue;
        }
        at = after;
        while let Some(after) = attribute(words, at) {
            at = after;
        }
        let end = item(words, at);
        if let [.., module, name, last] = &words[at..end]
            && (module.text.as_str(), last.text.as_str()) == ("mod", ";")
        {
            modules.push(name.text.clone());
        }
        at = end;
    }
    (kept, modules)
}

/// End of the attribute that begins at `at`.
fn attribute(words: &[Word], at: usize) -> Option<usize> {
    let opens = words.get(at)?.text == "#" && words.get(at + 1)?.text == "[";
    opens.then(|| closing(words, at + 1))
}

/// End of the item that begins at `at`: after its `;` or its braces.
fn item(words: &[Word], mut at: usize) -> usize {
    while let Some(word) = words.get(at) {
        match word.text.as_str() {
            ";" => return at + 1,
            "{" => return closing(words, at),
            "(" | "[" => at = closing(words, at),
            _ => at += 1,
        }
    }
    at
}

/// The position after the bracket that closes the one at `open`.
fn closing(words: &[Word], open: usize) -> usize {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    words.len()
}

/// What stands first after each `root::`, groups in braces included: of `crate::{unit, rng::draw}` `unit` and `rng`.
pub fn firsts<'a>(words: &'a [Word], root: &str) -> Vec<&'a Word> {
    let starts = (0..words.len()).filter(|&at| words[at].text == root && !follows_path(words, at));
    starts.flat_map(|at| after(words, at + 1)).collect()
}

/// The names that a path or group beginning with the `::` at `at` goes on with.
pub fn after(words: &[Word], at: usize) -> Vec<&Word> {
    let text = |at: usize| words.get(at).map(|w| w.text.as_str());
    match (text(at), text(at + 1)) {
        (Some("::"), Some("{")) => {
            let (mut depth, mut names) = (0, Vec::new());
            for (word, before) in words[at + 2..closing(words, at + 1)].iter().zip(&words[at + 1..]) {
                if depth == 0 && matches!(before.text.as_str(), "{" | ",") && word.text != "}" {
                    names.push(word);
                }
                match word.text.as_str() {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    _ => {}
                }
            }
            names
        }
        (Some("::"), Some(_)) => vec![&words[at + 1]],
        _ => Vec::new(),
    }
}

fn follows_path(words: &[Word], at: usize) -> bool {
    at > 0 && words[at - 1].text == "::"
}
