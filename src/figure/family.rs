//! Families of arms: arms of different models may answer to probes of different units, and then share no axis.
//! Knows what a subject says of a response; knows nothing of pictures.

use super::reading::{AssayKey, Reading, distinct};

/// Arms whose response and probe have the same units, so that they can share axes.
pub struct Family<'a> {
    pub arms: Vec<&'a str>,
    /// Behind the name of the response where there are other families: the titles of its arms.
    pub whose: String,
}

/// The arms of a response, by the units that their models give it and its probe.
pub fn families<'a>(
    reading: &Reading,
    response: &str,
    arms: impl Iterator<Item = &'a str>,
) -> Vec<Family<'a>> {
    let units = |arm: &str| reading.subject.response(response, arm).map(|r| (&r.probe_unit, &r.unit));
    let mut families: Vec<Family> = Vec::new();
    for arm in distinct(arms) {
        match families.iter_mut().find(|family| units(family.arms[0]) == units(arm)) {
            Some(family) => family.arms.push(arm),
            None => families.push(Family { arms: vec![arm], whose: String::new() }),
        }
    }
    if families.len() > 1 {
        for family in &mut families {
            let titles: Vec<String> = family.arms.iter().map(|arm| reading.arm_title(arm)).collect();
            family.whose = format!(" ({})", titles.join(", "));
        }
    }
    families
}

impl Family<'_> {
    /// Unit of the response in the tables.
    pub fn unit<'a>(&self, reading: &Reading<'a>, response: &str) -> &'a str {
        let own = |(k, _): &(&AssayKey, _)| k.response == response && self.arms.contains(&k.arm);
        reading.curves.iter().find(own).map_or("", |(_, (_, unit))| unit)
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::{Ink, Mark};
    use super::super::reading::Reading;
    use super::super::{Audience, ResponseSubject, dose_response, draw, sample};

    /// The figures of the response, where `chronic` has a probe of its own.
    fn with_another_probe(unit: &str) -> Vec<(String, String)> {
        let mut sample = sample::run();
        sample.subject.responses[0].arms = vec!["rest".to_owned()];
        sample.subject.responses.push(ResponseSubject {
            arms: vec!["chronic".to_owned()],
            probe: "C".to_owned(),
            probe_doc: "another agent".to_owned(),
            probe_unit: unit.to_owned(),
            ..sample.subject.responses[0].clone()
        });
        let figures = draw(&sample.run(), None, Audience::Screen).into_iter();
        figures.filter(|f| f.stem.starts_with("dose-response")).map(|f| (f.title, f.svg)).collect()
    }

    #[test]
    fn each_panel_names_the_probe_of_its_own_arm() {
        let figures = with_another_probe("nM");
        let [(_, svg)] = &figures[..] else { panic!("one figure: {}", figures.len()) };
        assert!(
            svg.contains("probe concentration, L (nM)") && svg.contains("another agent, C (nM)"),
            "{svg}"
        );
    }

    #[test]
    fn probes_of_different_units_share_no_figure() {
        let figures = with_another_probe("g");
        let [(rest, first), (chronic, second)] = &figures[..] else { panic!("two: {}", figures.len()) };
        assert!(rest.ends_with("(rest)") && chronic.ends_with("(chronic)"), "{rest} {chronic}");
        assert!(first.contains("L (nM)") && !first.contains("C (g)"));
        assert!(second.contains("C (g)") && !second.contains("L (nM)"));
    }

    /// The figure of two arms at one moment, the second of which answers `times` as much, in words and inks of lines.
    fn at_one_moment(times: f64) -> (Vec<String>, Vec<Ink>) {
        let mut rows = sample::assay_rows();
        for (arm, top) in [("rest", 1.0), ("chronic", times)] {
            for level in [1.0, 10.0, 100.0, 1000.0] {
                let texts = [arm, "all", "rest", "d", "D2", "response", "nM", "p50", "receptor"];
                rows.push(&texts, &[0.0, level, top * level / (30.0 + level)], 990);
            }
        }
        let mut sample = sample::run();
        sample.assays = rows.table("assays");
        if times > 1.0 {
            sample.subject.responses[0].arms = vec!["rest".to_owned()];
            let other = ResponseSubject {
                arms: vec!["chronic".to_owned()],
                probe: "C".to_owned(),
                ..sample.subject.responses[0].clone()
            };
            sample.subject.responses.push(other);
        }
        let run = sample.run();
        let drawn = dose_response::figures(&Audience::Screen.theme(), &Reading::of(&run), None);
        let (mut texts, mut inks) = (Vec::new(), Vec::new());
        for mark in &drawn[0].picture.marks {
            match mark {
                Mark::Text { text, .. } => texts.push(text.clone()),
                Mark::Line { ink, .. } => inks.push(*ink),
                _ => {}
            }
        }
        (texts, inks)
    }

    #[test]
    fn arms_at_one_moment_have_their_own_colours() {
        let (_, inks) = at_one_moment(1.0);
        let theme = Audience::Screen.theme();
        assert!((0..2).all(|arm| inks.contains(&theme.arm(arm).ink)), "{inks:?}");
    }

    #[test]
    fn panels_of_tops_far_apart_have_scales_of_their_own() {
        let (texts, _) = at_one_moment(20.0);
        assert!(["0.8", "15"].iter().all(|own| texts.iter().any(|text| text == own)), "{texts:?}");
    }
}
