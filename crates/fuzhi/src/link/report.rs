//! `report.html`: what was compared, what was learned, what was found; plain enough to print.

use fellegi::{Outcome, Spec};
use std::fmt::Write;

/// One self-contained page without anybody's data: shares, weights and counts only.
pub fn html(spec: &Spec, outcome: &Outcome) -> String {
    let mut page = String::from(HEAD);
    let statistics = &outcome.statistics;
    let clusters = outcome.clusters.iter().max().map_or(0, |last| last + 1);
    // Writing to a String can't fail.
    let _ = write!(
        page,
        "<h1>关联报告 · Linkage report</h1><dl><dt>记录 · Records</dt><dd>{}</dd><dt>候选对 · Candidate pairs</dt><dd>{}</dd>\
         <dt>保留的对 · Pairs kept</dt><dd>{} (≥ {})</dd><dt>组 · Clusters</dt><dd>{clusters}</dd></dl>",
        statistics.records,
        statistics.candidate_pairs,
        outcome.pairs.len(),
        spec.keep()
    );
    page.push_str("<h2>分块 · Blocking</h2><table><tr><th>规则 · rule<th>新增候选对 · new pairs<th>块过大的记录 · records in too large blocks");
    for (rule, pairs, large) in &statistics.by_rule {
        let _ = write!(page, "<tr><td>{}<td class=n>{pairs}<td class=n>{large}", escape(rule));
    }
    page.push_str("</table><h2>比较 · Comparisons</h2><table><tr><th>字段 · field<th>级别 · level<th>m<th>u<th>权重 · weight (log2)");
    for learned in &outcome.model.comparisons {
        for share in &learned.levels {
            let (field, level) = (escape(&learned.field), escape(&share.level));
            let (m, u, weight) = (share.m, share.u, share.weight());
            let _ =
                write!(page, "<tr><td>{field}<td>{level}<td class=n>{m:.6}<td class=n>{u:.9}<td class=n>{weight:+.2}");
        }
    }
    page.push_str("</table>");
    if !statistics.warnings.is_empty() {
        page.push_str("<h2>注意 · Warnings</h2><ul>");
        for warning in &statistics.warnings {
            let _ = write!(page, "<li>{}", escape(warning));
        }
        page.push_str("</ul>");
    }
    page
}

const HEAD: &str = "<!doctype html><html lang=zh-Hans><meta charset=utf-8><meta name=viewport content='width=device-width'>\
<title>关联报告 · Linkage report</title><style>body{font:15px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.25rem .5rem;text-align:left}\
.n{text-align:right;font-variant-numeric:tabular-nums}dt{float:left;width:16rem;clear:left}</style>";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
