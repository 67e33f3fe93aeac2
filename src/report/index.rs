//! `index.html`: the runs of a folder, newest first, as a static page.
//! Knows manifests.

use std::fs;
use std::path::Path;

use super::draft::replace;
use super::html::{document, encoded, escaped};
use super::label::LABEL;
use super::manifest::Manifest;
use super::number::{agents, grouped};
use super::sheet::REPORT;
use super::{digest8, stored};

/// Lists all runs in `out`; folders without a readable manifest are passed over.
pub fn write(out: &Path) -> Result<(), String> {
    replace(&out.join("index.html"), page(&runs(out)).as_bytes())
}

/// A run in the list.
struct Listed {
    folder: String,
    manifest: Manifest,
    /// Whether its report is there.
    report: bool,
}

/// Newest first.
fn runs(out: &Path) -> Vec<Listed> {
    let entries = fs::read_dir(out).into_iter().flatten().flatten();
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().to_str()?.to_owned();
        let ours = !name.starts_with('.');
        let manifest = stored::manifest(&entry.path()).ok().filter(|_| ours)?;
        Some(Listed { folder: name, manifest, report: entry.path().join(REPORT).is_file() })
    };
    let mut runs: Vec<Listed> = entries.filter_map(read).collect();
    let newer = |one: &Listed, other: &Listed| other.manifest.run.started.cmp(&one.manifest.run.started);
    runs.sort_by(|one, other| newer(one, other).then(one.folder.cmp(&other.folder)));
    runs
}

fn page(runs: &[Listed]) -> String {
    let label: String = LABEL.iter().map(|sentence| format!("<p>{}</p>\n", escaped(sentence))).collect();
    let articles: String = runs.iter().map(article).collect();
    let count = match runs.len() {
        1 => "1 run".to_owned(),
        n => format!("{n} runs"),
    };
    let body = format!(
        "<header>\n<h1>Runs</h1>\n<p class=\"soft\">{count}, newest first</p>\n<div class=\"label\">\n{label}</div>\n</header>\n\
         <main>\n{articles}</main>\n"
    );
    document("Allostat: runs", &body)
}

fn article(run: &Listed) -> String {
    let (folder, manifest) = (run.folder.as_str(), &run.manifest);
    let link = encoded(folder);
    let whole = format!("{link}/{}", if run.report { REPORT } else { "" });
    let picture = manifest.files.iter().find(|f| f.name.starts_with("figures/") && f.name.ends_with(".png"));
    let picture = picture.map_or(String::new(), |file| {
        let source = format!("{link}/{}", encoded(&file.name));
        let alternative = format!(
            "Main figure; the text beside it says what it shows: {}",
            file.name.replace(".png", ".txt")
        );
        format!(
            "<a href=\"{whole}\"><img loading=\"lazy\" src=\"{source}\" alt=\"{}\"></a>",
            escaped(&alternative)
        )
    });
    let changed = match manifest.subject.changed.as_slice() {
        [] => "<p>unchanged</p>".to_owned(),
        changed => {
            let rows: String = changed.iter().map(|c| format!("<li>{}</li>", escaped(c))).collect();
            format!("<p>changed:</p><ul>{rows}</ul>")
        }
    };
    let question = match manifest.subject.question.as_str() {
        "" => String::new(),
        question => format!("<p><em>{}</em></p>", escaped(question)),
    };
    let claims = match manifest.claims.of {
        0 => "no claims".to_owned(),
        of => format!("{} of {of} claims hold", manifest.claims.held),
    };
    let tables = ["summary.csv", "assays.csv", "measures.csv", "differences.csv", "claims.json"];
    let stored = tables.into_iter().filter(|name| manifest.files.iter().any(|file| file.name == *name));
    let files: Vec<String> =
        stored.chain(["manifest.json"]).map(|name| format!("<a href=\"{link}/{name}\">{name}</a>")).collect();
    let files = files.join(" · ");
    let figure = |name: &str| {
        let stem = name.strip_prefix("figures/")?.strip_suffix(".png")?;
        Some(format!("<a href=\"{link}/{}\">{}</a>", encoded(name), escaped(stem)))
    };
    let figures: Vec<String> = manifest.files.iter().filter_map(|file| figure(&file.name)).collect();
    let figures = match figures.len() {
        0 => String::new(),
        _ => format!("<p class=\"soft\">figures: {}</p>\n", figures.join(" · ")),
    };
    let failed = match manifest.failed {
        0 => String::new(),
        failed => format!(", {} stopped", grouped(failed)),
    };
    format!(
        "<article>\n<div class=\"picture\">{picture}</div>\n<div>\n<h2><a href=\"{whole}\">{title}</a></h2>\n{question}{changed}\n\
         <p>{agents}{failed}, seed {seed}; {claims}</p>\n\
         {figures}<p class=\"soft\">{started} · digest <code>{digest}</code> · <a href=\"{link}/LABEL.txt\">label</a> · {files}</p>\n</div>\n</article>\n",
        title = escaped(if manifest.scenario.title.is_empty() { folder } else { &manifest.scenario.title }),
        agents = agents(manifest.agents),
        seed = manifest.seed,
        started = escaped(&manifest.run.started.replace('T', " ").replace('Z', " UTC")),
        digest = escaped(digest8(&manifest.digest)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn runs_stand_newest_first_and_what_is_no_run_is_passed_over() {
        let out = tempfile::tempdir().unwrap();
        for (name, started) in [("one", "2026-01-01T00:00:00Z"), ("two", "2026-03-01T00:00:00Z")] {
            let mut manifest = sample::manifest();
            manifest.run.started = started.to_owned();
            manifest.scenario.title = format!("Run <{name}> & \"so\"");
            fs::create_dir(out.path().join(name)).unwrap();
            fs::write(out.path().join(name).join("manifest.json"), manifest.json()).unwrap();
        }
        fs::create_dir(out.path().join("empty")).unwrap();
        fs::create_dir(out.path().join("broken")).unwrap();
        fs::write(out.path().join("broken/manifest.json"), "{\"schema\": 1, \"se").unwrap();
        fs::write(out.path().join("notes.txt"), "x").unwrap();
        write(out.path()).unwrap();
        let page = fs::read_to_string(out.path().join("index.html")).unwrap();
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text} in {page}"));
        assert!(at("Run &lt;two&gt; &amp; &quot;so&quot;") < at("Run &lt;one&gt;"));
        assert!(page.contains("2 runs, newest first") && page.contains("1 of 2 claims hold"));
        assert!(page.contains(LABEL[0]) && page.contains("kappa = 8 (was 4)"));
        assert!(page.contains("src=\"two/figures/sensitivity.png\""));
        assert!(!page.contains("broken") && !page.contains("<two>"));
    }
}
