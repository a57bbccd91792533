//! `report.html`: what was compared, what was learned, what was found; one page in both languages, plain enough to
//! print. It shows shares, weights and counts, nobody's data.

use fellegi::{AtThreshold, Evaluation, Explanation, Outcome, Spec};
use std::fmt::Write;
use ui::figure::{self, Figure, escape};

/// The first bit of [`fellegi::Statistics::weights`].
const FIRST_BIT: i32 = -40;

/// The whole page.
pub fn html(spec: &Spec, outcome: &Outcome, evaluation: Option<&Evaluation>) -> String {
    let threshold = spec.threshold().clamp(1e-9, 1.0 - 1e-9);
    let mark = (threshold / (1.0 - threshold)).log2();
    let mut page = Page(include_str!("report.head.html").to_owned());
    page.summary(spec, outcome);
    page.warnings(outcome);
    page.apart(spec, outcome);
    page.weights(outcome, mark);
    page.examples(&outcome.statistics.examples);
    page.levels(outcome);
    page.blocking(outcome);
    if let Some(evaluation) = evaluation {
        page.accuracy(outcome, evaluation);
    }
    page.unlinkable(outcome, mark);
    page.terms(outcome);
    page.training(outcome);
    page.0.push_str("</main>");
    page.0
}

struct Page(String);

impl Page {
    fn add(&mut self, markup: std::fmt::Arguments<'_>) {
        // Writing to a String can't fail.
        let _ = self.0.write_fmt(markup);
    }

    /// A part of the page with what it says, in both languages.
    fn part(&mut self, zh: &str, en: &str, says_zh: &str, says_en: &str) {
        self.add(format_args!(
            "<section><h2>{zh} <small lang=en>{en}</small></h2><p>{says_zh}<br><span lang=en>{says_en}</span>"
        ));
    }

    fn table(&mut self, headers: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        let headers: String = headers.iter().map(|header| format!("<th scope=col>{header}")).collect();
        self.add(format_args!("<details><summary>表格 · Table</summary><div class=scroll><table><tr>{headers}"));
        for row in rows {
            let cells: String = row.iter().map(|cell| format!("<td>{}", escape(cell))).collect();
            self.add(format_args!("<tr>{cells}"));
        }
        self.0.push_str("</table></div></details>");
    }

    fn chart(&mut self, chart: &Figure) {
        self.add(format_args!("{chart}"));
    }

    fn summary(&mut self, spec: &Spec, outcome: &Outcome) {
        let clusters = outcome.clusters.iter().max().map_or(0, |last| u64::from(*last) + 1);
        let linked = outcome.pairs.iter().filter(|pair| pair.probability >= spec.threshold()).count() as u64;
        let names: Vec<String> = spec.input.iter().map(|input| escape(&input.name)).collect();
        self.add(format_args!("<p class=lead>{}</p><dl>", names.join(" × ")));
        for (zh, en, figure) in [
            ("记录", "Records", outcome.statistics.records),
            ("候选对", "Candidate pairs", outcome.statistics.candidate_pairs),
            ("关联的对", "Pairs linked", linked),
            ("人（组）", "People (clusters)", clusters),
            ("互斥而未合并", "Kept apart by number", outcome.statistics.conflicts.len() as u64),
            ("并列", "Ties passed over", outcome.statistics.ties.len() as u64),
        ] {
            self.add(format_args!("<div><dt>{zh} <span lang=en>{en}</span><dd>{}</div>", grouped(figure)));
        }
        self.0.push_str("</dl>");
    }

    fn warnings(&mut self, outcome: &Outcome) {
        if outcome.statistics.warnings.is_empty() {
            return;
        }
        self.0.push_str("<section class=warn><h2>注意 <small lang=en>Worth a look</small></h2><ul lang=en>");
        for warning in &outcome.statistics.warnings {
            self.add(format_args!("<li>{}", escape(warning)));
        }
        self.0.push_str("</ul></section>");
    }

    /// Pairs that fit and were not joined, by where they stand in their files.
    fn apart(&mut self, spec: &Spec, outcome: &Outcome) {
        const SHOWN: usize = 100;
        let (conflicts, ties) = (&outcome.statistics.conflicts, &outcome.statistics.ties);
        if conflicts.is_empty() && ties.is_empty() {
            return;
        }
        self.part(
            "相符而未合并",
            "Fitting, and yet kept apart",
            "两个不同的有效身份号码不会并入同一人；两个同样相符的伙伴，先到的得到它。请人工核对。表中是记录在各文件中的行次；pairs.parquet 的 note 列标出全部。",
            "Two different valid identity numbers never become one person; of two partners that fit equally well the first one gets the record. Somebody should look. The tables say which record of a file it is; the column note of pairs.parquet marks them all.",
        );
        let place = |row: u32| {
            let (input, row) = outcome.place(row);
            format!("{} #{}", spec.input[input].name, row + 1)
        };
        for (zh, en, pairs) in
            [("号码互斥", "Different valid numbers", conflicts), ("并列", "Equally good partners", ties)]
        {
            if pairs.is_empty() {
                continue;
            }
            self.add(format_args!("<h3>{zh} <small lang=en>{en}: {}</small></h3>", grouped(pairs.len() as u64)));
            let row = |rows: &(u32, u32)| {
                let at = outcome.pairs.binary_search_by_key(rows, |pair| (pair.left, pair.right)).ok();
                let weight = at.map_or_else(String::new, |at| bits(outcome.pairs[at].weight));
                vec![place(rows.0), place(rows.1), weight]
            };
            self.table(&["记录 record", "记录 record", "权重 weight"], pairs.iter().take(SHOWN).map(row));
        }
        self.0.push_str("</section>");
    }

    fn weights(&mut self, outcome: &Outcome, mark: f64) {
        let counts = &outcome.statistics.weights;
        self.part(
            "匹配权重",
            "Match weights",
            "每一对候选记录的证据，以比特计；竖线是关联的界限，右边的算同一人。高度按对数。",
            "The evidence of each candidate pair in bits. What lies right of the line is taken for the same person. Heights are logarithmic.",
        );
        self.chart(&histogram("候选对按权重 · candidate pairs by weight", counts, mark));
        self.table(&["权重 weight", "对 pairs"], by_bit(counts));
        self.0.push_str("</section>");
    }

    fn examples(&mut self, examples: &[Explanation]) {
        if examples.is_empty() {
            return;
        }
        self.part(
            "为什么：四对记录",
            "Why: four pairs",
            "从先验开始，每项比较加减若干比特，合计即权重。",
            "From the prior on, each comparison adds or takes some bits; the sum is the weight.",
        );
        let titles = [
            "典型的一对 · a clear pair",
            "勉强关联的一对 · the last that is linked",
            "差一点未关联的一对 · the first that is not",
            "最弱的一对 · the weakest kept",
        ];
        self.0.push_str("<div class=pairs>");
        for (title, example) in titles.iter().zip(examples) {
            let steps: Vec<figure::Step<'_>> = example
                .steps
                .iter()
                .map(|step| figure::Step {
                    label: &step.field,
                    by: step.m.map(|_| f64::from(step.weight + step.term_weight)),
                })
                .collect();
            let probability = example.probability;
            self.add(format_args!("<figure><figcaption>{title} ({probability:.4})</figcaption>"));
            let prior = f64::from(example.prior);
            self.chart(&figure::waterfall(prior, "先验 prior", &steps, "合计 sum", title));
            let rows = example
                .steps
                .iter()
                .map(|step| vec![step.field.clone(), step.level.clone(), bits(step.weight), bits(step.term_weight)]);
            self.table(&["字段 field", "级别 level", "权重 weight", "词频 term"], rows);
            self.0.push_str("</figure>");
        }
        self.0.push_str("</div></section>");
    }

    fn levels(&mut self, outcome: &Outcome) {
        self.part(
            "各级别说明什么",
            "What each level says",
            "m 是同一人的记录达到该级别的比例，u 是不同人的比例；比值的对数即权重。",
            "m is the share of matches that reach a level, u that of strangers; the logarithm of their ratio is the weight.",
        );
        for learned in &outcome.model.comparisons {
            let twin = |share: &fellegi::LevelShare| (share.level.clone(), share.m, share.u);
            let shares: Vec<(String, f64, f64)> = learned.levels.iter().map(twin).collect();
            let twins: Vec<figure::Twin<'_>> =
                shares.iter().map(|(label, m, u)| figure::Twin { label, one: *m, other: *u }).collect();
            self.add(format_args!("<h3>{}</h3>", escape(&learned.field)));
            self.chart(&figure::twins(&twins, ("m 同一人 one person", "u 两个人 two people"), &learned.field));
            let rows = learned.levels.iter().map(|share| {
                vec![
                    share.level.clone(),
                    format!("{:.6}", share.m),
                    format!("{:.9}", share.u),
                    bits(share.weight() as f32),
                ]
            });
            self.table(&["级别 level", "m", "u", "权重 weight"], rows);
        }
        self.0.push_str("</section>");
    }

    fn blocking(&mut self, outcome: &Outcome) {
        self.part(
            "分块",
            "Blocking",
            "只有在某条规则上相同的记录才会比较。每一对算在先找到它的规则上。",
            "Only records that agree on a rule are compared. Each pair counts for the rule that found it first.",
        );
        let rules = &outcome.statistics.by_rule;
        let name = |rule: &str| if rule.is_empty() { "全部 all pairs".to_owned() } else { rule.to_owned() };
        let named: Vec<(String, i64)> =
            rules.iter().enumerate().map(|(at, (_, new, _))| (format!("{}", at + 1), *new as i64)).collect();
        let drawn: Vec<(&str, i64, String)> =
            named.iter().map(|(name, new)| (name.as_str(), *new, grouped(*new as u64))).collect();
        self.chart(&figure::counts(&drawn, "新增候选对 · new candidate pairs by rule"));
        let row = |(at, (rule, new, large)): (usize, &(String, u64, u64))| {
            vec![format!("{}. {}", at + 1, name(rule)), grouped(*new), grouped(*large)]
        };
        let rows = rules.iter().enumerate().map(row);
        self.table(&["规则 rule", "新增的对 new pairs", "块过大的记录 records in too large blocks"], rows);
        self.0.push_str("</section>");
    }

    fn accuracy(&mut self, outcome: &Outcome, evaluation: &Evaluation) {
        self.part(
            "与人工判定相比",
            "Held against people's decisions",
            &format!("判定为同一人 {} 对，不同人 {} 对。", evaluation.same, evaluation.different),
            &format!("{} pairs decided to be the same, {} to be two people.", evaluation.same, evaluation.different),
        );
        let line = |label, of: fn(&AtThreshold) -> f64| figure::Line {
            label,
            values: evaluation.thresholds.iter().map(of).collect(),
        };
        let lines = [
            line("精确率 precision", |at| at.precision),
            line("召回率 recall", |at| at.recall),
            line("F1", |at| at.f1),
        ];
        let end = |at: Option<&AtThreshold>| at.map_or_else(String::new, |at| at.threshold.to_string());
        let (first, last) = (end(evaluation.thresholds.first()), end(evaluation.thresholds.last()));
        let says = "精确率与召回率 · precision and recall by threshold";
        self.chart(&figure::lines(&lines, (&first, &last), None, says));
        let rows = evaluation.thresholds.iter().map(|at| {
            let shares = [at.precision, at.recall, at.f1].map(|share| format!("{share:.4}"));
            std::iter::once(at.threshold.to_string()).chain(shares).collect()
        });
        self.table(&["界限 threshold", "精确率 precision", "召回率 recall", "F1"], rows);
        if !evaluation.wrong.is_empty() {
            self.0.push_str("<h3>错在哪里 <small lang=en>Where it errs</small></h3>");
            let fields = outcome.model.comparisons.iter().map(|learned| escape(&learned.field)).collect::<Vec<_>>();
            let headers: Vec<&str> =
                ["误连 linked wrongly", "漏连 missed"].into_iter().chain(fields.iter().map(String::as_str)).collect();
            let rows = evaluation.wrong.iter().take(30).map(|wrong| {
                let counts = [wrong.false_links.to_string(), wrong.missed.to_string()];
                counts.into_iter().chain(wrong.levels.iter().cloned()).collect()
            });
            self.table(&headers, rows);
        }
        self.0.push_str("</section>");
    }

    fn unlinkable(&mut self, outcome: &Outcome, mark: f64) {
        let counts = &outcome.statistics.best_possible;
        let all: u64 = counts.iter().sum::<u64>().max(1);
        let short: u64 =
            counts.iter().enumerate().filter(|(at, _)| f64::from(FIRST_BIT + *at as i32) < mark).map(|(_, n)| n).sum();
        let share = short as f64 / all as f64 * 100.0;
        self.part(
            "无法关联的记录",
            "Unlinkable records",
            &format!("{share:.2}% 的记录内容太少：即使与自己相比也达不到界限。"),
            &format!(
                "{share:.2} % of the records say too little: even compared with themselves they stay below the line."
            ),
        );
        self.chart(&histogram("最高可达权重 · the most a record could reach", counts, mark));
        self.table(&["最高权重 best weight", "记录（抽样）records (of a sample)"], by_bit(counts));
        self.0.push_str("</section>");
    }

    fn terms(&mut self, outcome: &Outcome) {
        let adjusted = outcome.model.comparisons.iter().filter_map(|learned| Some((learned, learned.terms.as_ref()?)));
        let adjusted: Vec<_> = adjusted.collect();
        if adjusted.is_empty() {
            return;
        }
        self.part(
            "词频",
            "Term frequencies",
            "常见的值相同说明得少，罕见的说明得多；未列出的值按下限计。图为最常见值相同时的权重。",
            "Agreeing on a common value says little, on a rare one much; values not listed count with the floor. The chart shows what agreement on the most frequent values weighs.",
        );
        for (learned, terms) in adjusted {
            let Some(exact) = learned.levels.iter().find(|share| share.level == "exact") else { continue };
            let mut frequencies: Vec<f64> = terms.values.iter().map(|(_, frequency)| *frequency).collect();
            frequencies.sort_by(|a, b| b.total_cmp(a));
            let ranks = [1, 2, 5, 10, 50, 100, 500, 1000, 4000];
            let known = ranks.iter().filter_map(|rank| Some((format!("#{rank}"), *frequencies.get(rank - 1)?)));
            let bits = |frequency: f64| (exact.m / frequency).log2();
            let values: Vec<(String, f64)> = known.chain([("下限 floor".to_owned(), terms.rest)]).collect();
            let drawn: Vec<(&str, i64, String)> = values
                .iter()
                .map(|(label, of)| (label.as_str(), (bits(*of) * 10.0) as i64, figure::weight(bits(*of))))
                .collect();
            self.add(format_args!("<h3>{}</h3>", escape(&learned.field)));
            self.chart(&figure::counts(&drawn, &learned.field));
            let row = |(label, of): &(String, f64)| {
                vec![label.clone(), format!("{:+.1}", bits(*of)), format!("{:.4} %", of * 100.0)]
            };
            self.table(&["名次 rank", "权重 weight", "频率 frequency"], values.iter().map(row));
        }
        self.0.push_str("</section>");
    }

    fn training(&mut self, outcome: &Outcome) {
        let Some(training) = &outcome.statistics.training else { return };
        self.part(
            "训练",
            "Training",
            "u 由随机抽样与取值计数得出，m 由期望最大化在各块内得出再合并。图为每轮最大变化（对数）。",
            "u comes from random pairs and value counts, m from expectation and maximisation within each block, put together. The chart shows the largest change round by round, on a logarithmic scale.",
        );
        let within =
            |name: &str| if name.is_empty() { "全部候选对 all candidates".to_owned() } else { name.to_owned() };
        for pass in &training.passes {
            let height = |change: f64| (1.0 + change.max(1e-7).log10() / 7.0).clamp(0.0, 1.0);
            let line =
                figure::Line { label: "变化 change", values: pass.changes.iter().copied().map(height).collect() };
            let name = within(&pass.within);
            self.add(format_args!("<h3>{}</h3>", escape(&name)));
            self.chart(&figure::lines(&[line], ("1", &pass.changes.len().to_string()), None, &name));
        }
        let rows = training.passes.iter().map(|pass| {
            let settled = if pass.settled { "✓" } else { "—" };
            vec![within(&pass.within), pass.changes.len().to_string(), format!("{:.0}", pass.matches), settled.into()]
        });
        self.table(&["块 within", "轮次 rounds", "预期同一人 expected matches", "收敛 settled"], rows);
        self.0.push_str("</section>");
    }
}

fn histogram(says: &str, counts: &[u64], mark: f64) -> Figure {
    let bits = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let bars: Vec<(i32, i64)> = bits.map(|(at, count)| (FIRST_BIT + at as i32, *count as i64)).collect();
    figure::histogram(&bars, &[(mark, format!("关联界限 linked from {}", figure::weight(mark)))], says)
}

fn by_bit(counts: &[u64]) -> impl Iterator<Item = Vec<String>> {
    let bits = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    bits.map(|(at, count)| vec![(FIRST_BIT + at as i32).to_string(), grouped(*count)])
}

fn bits(weight: f32) -> String {
    format!("{weight:+.1}")
}

/// 1234567 as 1 234 567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect::<Vec<_>>();
    groups.join("\u{202f}")
}
