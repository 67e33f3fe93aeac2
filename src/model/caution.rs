//! What a reader has to be told beside the numbers: the statements that models attach to what they name.
//! Knows nothing of models: `caution = "withdrawal"` on an input, let or state means a row of this table, and every scenario that uses
//! that input, let or state carries the row's text in all that it writes.

/// A statement and why it is made.
#[derive(Debug, PartialEq, Eq)]
pub struct Caution {
    /// By which a model file calls it.
    pub name: &'static str,
    pub text: &'static str,
    pub reason: &'static str,
    /// Every scenario carries it.
    pub always: bool,
    /// It stands in the foot of every figure, not only in the words beside it.
    pub in_figures: bool,
}

const fn said(name: &'static str, text: &'static str, reason: &'static str) -> Caution {
    Caution { name, text, reason, always: false, in_figures: false }
}

pub const ILLUSTRATIVE: Caution = Caution {
    always: true,
    ..said(
        "illustrative",
        "The models are simplified on purpose: for education and for exploring hypotheses. They describe no person and no person's brain.",
        "dozens of cell types and receptors are reduced to a few numbers, and most parameters are chosen, not measured",
    )
};

pub const NO_ADVICE: Caution = Caution {
    always: true,
    ..said(
        "no_advice",
        "Nothing here diagnoses, predicts or treats. Do not start, stop or change a medicine, the use of a substance or a habit because of it: \
         withdrawal from alcohol, benzodiazepines or opioids can be dangerous and belongs in medical care.",
        "a curve that returns to its baseline could invite an experiment on oneself, which may do harm",
    )
};

const TABLE: [Caution; 12] = [
    ILLUSTRATIVE,
    NO_ADVICE,
    said(
        "no_fast",
        "Nobody can fast from dopamine: the name “dopamine fasting” is not meant literally, and it has not been shown to change receptors \
         in people.",
        "its originator presents it as a technique of behaviour therapy (Sepah, as quoted in the press); a review reports possible benefits of \
         some practices, the lack of evidence, and harm by extreme forms (Desai 2024, Cureus, abstract)",
    ),
    said(
        "breaks",
        "Evidence for breaks from social media is mixed: some studies find a small benefit, others none.",
        "a preregistered meta-analysis of 10 studies (N = 4674) found no significant effect on affect or life satisfaction (Sci Rep 2025, \
         s41598-025-90984-3); another found less depression, SMD -0.29 (-0.51, -0.07), and nothing on stress, satisfaction or well-being \
         (Narra J 2024); a review calls the results varied (Radtke 2021)",
    ),
    said(
        "not_interchangeable",
        "Substances, food and screen time are not interchangeable: their strengths in the model are settings, not findings.",
        "changes of receptors are documented for drugs; for media there are a few small cross-sectional studies in people, and for obesity \
         studies conflict",
    ),
    said(
        "pet",
        "A lower PET signal is no proof of fewer receptors, nor of what brought it about.",
        "dopamine competes with the tracer, affinity may change, and most studies are cross-sectional: a low D2 signal may come first (in \
         monkeys the baseline predicted cocaine intake, pubmed 16829955)",
    ),
    said(
        "read_outs",
        "Mood, motivation, focus, craving, anhedonia, irritability, isolation and scales like them are invented read-outs with arbitrary weights.",
        "no validated equation links the state of receptors to the score of a questionnaire; expectation and regression to the mean move \
         scores as well",
    ),
    said(
        "people_differ",
        "People differ. Recovery may be partial or slow, and relapse is no failure of will.",
        "differences between individuals are the rule",
    ),
    said(
        "alone",
        "Being alone is not a treatment.",
        "strict abstention from company may raise irritability and isolation, and the model shows that cost",
    ),
    said(
        "provenance",
        "Every number carries its source or the word “assumed”.",
        "what is chosen must not look like what was measured",
    ),
    Caution {
        in_figures: true,
        ..said(
            "withdrawal",
            "Stopping alcohol, benzodiazepines or opioids can be dangerous and needs medical care. After a break the same dose acts more \
             strongly: risk of overdose.",
            "a simulated arm that stops a substance ends well by construction; a body may not",
        )
    },
    Caution {
        in_figures: true,
        ..said(
            "potency",
            "The size of the effect of media and food is assumed and may be zero.",
            "there is no measurement in people from which it could be taken",
        )
    },
];

/// All statements, those that every scenario carries first.
pub static CAUTIONS: [Caution; 12] = TABLE;

/// Their names, as `caution` takes them.
pub static NAMES: [&str; 12] = {
    let mut names = [""; 12];
    let mut at = 0;
    while at < names.len() {
        names[at] = TABLE[at].name;
        at += 1;
    }
    names
};

/// The statement of this name.
pub fn caution(name: &str) -> Option<&'static Caution> {
    CAUTIONS.iter().find(|caution| caution.name == name)
}

/// Those that every scenario carries and some of its own, each once and in the order of the table.
pub fn carried(own: &[&'static Caution]) -> Vec<&'static Caution> {
    CAUTIONS.iter().filter(|caution| caution.always || own.contains(caution)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_is_a_sentence_of_its_own_with_a_reason() {
        for (at, caution) in CAUTIONS.iter().enumerate() {
            assert!(caution.text.ends_with('.') && !caution.reason.ends_with('.'), "{}", caution.name);
            assert!(!caution.text.contains("  ") && !caution.reason.is_empty(), "{}", caution.name);
            let later = &CAUTIONS[at + 1..];
            assert!(later.iter().all(|other| other.name != caution.name && other.text != caution.text));
            assert_eq!(self::caution(caution.name), Some(caution));
        }
    }

    #[test]
    fn what_is_carried_stands_once_and_in_order() {
        let own = ["potency", "withdrawal", "potency", "illustrative"].map(|name| caution(name).unwrap());
        let names: Vec<&str> = carried(&own).iter().map(|caution| caution.name).collect();
        assert_eq!(names, ["illustrative", "no_advice", "withdrawal", "potency"]);
        assert_eq!(carried(&[]).len(), 2);
    }
}
