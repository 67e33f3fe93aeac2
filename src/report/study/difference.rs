//! Two texts, line by line: what one has and the other has not.
//! Knows nothing of what they say.

/// Lines that are shown at most.
const MOST: usize = 20;

/// Lines of `old` that are gone (`- `) and of `new` that came (`+ `), each with its number.
pub fn difference(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same_before = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[same_before..], &new[same_before..]);
    let behind = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let gone = old_rest[..old_rest.len() - behind].iter().enumerate();
    let came = new_rest[..new_rest.len() - behind].iter().enumerate();
    let line = |sign: char, (n, text): (usize, &&str)| format!("{sign} {}: {text}", same_before + n + 1);
    let mut all: Vec<String> = gone.map(|one| line('-', one)).collect();
    all.extend(came.map(|one| line('+', one)));
    if all.len() > MOST {
        let more = all.len() - MOST;
        all.truncate(MOST);
        all.push(format!("… and {more} lines more"));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn only_what_differs_is_shown_with_its_line() {
        assert_eq!(difference("a\nb\nc", "a\nx\ny\nc"), ["- 2: b", "+ 2: x", "+ 3: y"]);
        assert_eq!(difference("a\nb", "a"), ["- 2: b"]);
        assert!(difference("a\nb\n", "a\nb\n").is_empty());
        assert_eq!(difference(&"a\n".repeat(50), "").len(), 21);
    }
}
