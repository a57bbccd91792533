//! `report.html`: what a person reads on paper. Self-contained, in both languages, no numbers that identify anybody.

use super::columns::set_words;
use super::finding::{Finding, Findings};
use rulebook::{FrameError, RuleSet};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use values::{AreaCode, Truth};

/// How families and villages are called, by rows and codes of the run.
pub struct Names<'a> {
    /// The head's name of each household row; a row beyond the end has none.
    pub heads: &'a [String],
    /// The name of a village.
    pub village: &'a (dyn Fn(AreaCode) -> Option<String> + Sync),
}

impl Names<'_> {
    pub(super) fn family(&self, finding: &Finding) -> String {
        match self.heads.get(finding.household as usize).filter(|name| !name.is_empty()) {
            Some(name) => format!("{name}家"),
            None => "名字不清楚".to_owned(),
        }
    }

    pub(super) fn village(&self, findings: &Findings<'_>, finding: &Finding) -> String {
        let area = findings.population.households.area("village").get(finding.household as usize);
        area.map_or_else(|| "村不清楚".to_owned(), |area| (self.village)(area).unwrap_or_else(|| area.to_string()))
    }
}

const SETS: [RuleSet; 4] = [RuleSet::Risk, RuleSet::Gap, RuleSet::Means, RuleSet::Doubt];

const STYLE: &str = "body{font:15px/1.6 'Noto Serif CJK SC',serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c1c1a}\
h1{font-size:1.6rem}h2{font-size:1.2rem;border-bottom:1px solid #999;break-after:avoid}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc}\
.num{text-align:right;font-variant-numeric:tabular-nums}li{margin:.5rem 0;break-inside:avoid}\
[lang=en]{color:#555;display:block}.note{border-left:4px solid #8a5a00;padding:.5rem 1rem;background:#f7f1e3}\
@media print{body{margin:0;max-width:none}}";

/// How many findings of each set there are: found, of these for this month, and not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counted([[u64; 3]; SETS.len()]);

impl Counted {
    /// Of two parts of the county together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|set| std::array::from_fn(|at| self.0[set][at] + other.0[set][at])))
    }
}

/// What stands behind the last village.
pub const END_OF_REPORT: &[u8] = b"</body></html>\n";

impl Findings<'_> {
    /// Writes the page's beginning: counts over the whole county, and what to know first.
    ///
    /// # Errors
    /// The writer's.
    pub fn begin_report(&self, counted: Counted, out: &mut impl Write) -> io::Result<()> {
        let (region, day) = (self.plan.region(), self.plan.as_of());
        let mut head = format!(
            "<!doctype html><html lang=\"zh-Hans-CN\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>线索 {day}</title><style>{STYLE}</style></head>\
             <body><h1>数据比对提出的线索<span lang=\"en\">Findings of the data comparison</span></h1>\
             <p>数据截至 {day}，地区 {region}，规则集 {}。每一条都要人看过才算数，没有核实以前不影响任何人的待遇。\
             <span lang=\"en\">Data as of {day}, region {region}, rule set {}. Nothing counts until a person has looked; \
             nobody’s help changes before.</span></p>",
            escaped(self.policy.version()),
            escaped(self.policy.version()),
        );
        for notice in &self.notices {
            let (zh, en) = (escaped(&notice.zh), escaped(&notice.en));
            let _ = write!(head, "<p class=\"note\">{zh}<span lang=\"en\">{en}</span></p>");
        }
        counts(counted, &mut head);
        out.write_all(head.as_bytes())
    }

    /// How many there are of each set.
    #[must_use]
    pub fn counted(&self) -> Counted {
        Counted(SETS.map(|set| {
            let of_set = || self.list.iter().filter(|finding| self.rule_of(finding).set == set);
            let found = of_set().filter(|finding| finding.outcome == Truth::True).count() as u64;
            let now = of_set().filter(|finding| finding.outcome == Truth::True && !finding.deferred).count() as u64;
            [found, now, of_set().count() as u64 - found]
        }))
    }

    /// Writes for every village the findings of this month, village by village in the order of their codes.
    ///
    /// # Errors
    /// The writer's; [`io::ErrorKind::InvalidData`] when a column of the frames doesn't hold what the dictionary says.
    pub fn write_villages(&self, names: &Names<'_>, out: &mut impl Write) -> io::Result<()> {
        let mut of_village: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        let villages = self.population.households.area("village");
        for (at, finding) in self.list.iter().enumerate() {
            let alert = finding.outcome == Truth::True && !finding.deferred && !finding.listed;
            if alert && self.rule_of(finding).set != RuleSet::Doubt {
                let village = villages.get(finding.household as usize).map_or(0, |area| area.0);
                of_village.entry(village).or_default().push(at);
            }
        }
        for findings in of_village.values() {
            let village = escaped(&names.village(self, &self.list[findings[0]]));
            writeln!(out, "<h2>{village}</h2><ol>")?;
            for at in findings {
                let told = self.explained(*at, &()).map_err(wrong_column)?;
                let finding = &self.list[*at];
                let until = self.until(self.rule_of(finding)).map_or_else(String::new, |day| day.to_string());
                writeln!(
                    out,
                    "<li><b>{}</b> {} <small>{until}</small><span lang=\"en\">{}</span></li>",
                    escaped(&names.family(finding)),
                    escaped(&told.sentence.zh),
                    escaped(&told.sentence.en)
                )?;
            }
            out.write_all(b"</ol>\n")?;
        }
        Ok(())
    }
}

fn counts(Counted(counted): Counted, html: &mut String) {
    html.push_str(
        "<h2>一共多少<span lang=\"en\">How many</span></h2><table><thead><tr><th>哪一类 · Kind</th>\
         <th class=\"num\">成立 · Found</th><th class=\"num\">这个月看 · This month</th>\
         <th class=\"num\">判断不了 · Not known</th></tr></thead><tbody>",
    );
    for (set, [found, now, open]) in SETS.into_iter().zip(counted) {
        let words = set_words(set);
        let _ = write!(
            html,
            "<tr><th>{} · {}</th><td class=\"num\">{found}</td><td class=\"num\">{now}</td><td class=\"num\">{open}</td></tr>",
            words.zh, words.en
        );
    }
    html.push_str("</tbody></table>");
}

pub(super) fn wrong_column(error: FrameError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
