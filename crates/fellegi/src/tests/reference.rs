//! A whole job held against the plainest way to do it: every pair of records looked at, one after the other, by code
//! that knows nothing of keys, packed rows, partitions or cores.

use super::*;
use crate::{Room, Statistics};
use values::columns::{packed, unpacked};

/// A word, a number and a day; an empty text is missing.
type Row = [&'static str; 3];

const COMPARISONS: &str = "
[[comparison]]
field = \"word\"
levels = [\"exact\", \"prefix >= 2\"]
[[comparison]]
field = \"number\"
levels = [\"exact\", \"difference <= 1\"]
[[comparison]]
field = \"day\"
levels = [\"exact\", \"same_year\"]";

const RULES: &str = "
[[blocking]]
on = [\"word\"]
[[blocking]]
on = [\"number\", \"word[0]\"]
[[blocking]]
on = [\"year(day)\", \"word[1:3]\"]
[[blocking]]
on = [\"day\"]";

fn job(inputs: usize, link: &str) -> Spec {
    let inputs: String =
        (0..inputs).map(|n| format!("[[input]]\nname = \"{n}\"\npath = \"{n}.csv\"\nid = \"id\"\n")).collect();
    let fields = "[fields]\nword = \"text\"\nnumber = \"number\"\nday = \"birth_date\"";
    Spec::parse(&format!("{inputs}{fields}\n[link]\nkeep = 0.0\n{link}\n{RULES}{COMPARISONS}")).unwrap()
}

fn row() -> impl Strategy<Value = Row> {
    let word = prop::sample::select(vec!["", "abc", "abd", "xbc", "a", "xyz"]);
    let number = prop::sample::select(vec!["", "1", "2", "5", "0"]);
    let day = prop::sample::select(vec!["", "1968-04-05", "1968-05-04", "1990-01-01"]);
    (word, number, day).prop_map(|(a, b, c)| [a, b, c])
}

fn pack(spec: &Spec, rows: &[Row]) -> Records {
    let column = |at: usize| rows.iter().map(|row| Some(row[at]).filter(|text| !text.is_empty())).collect::<Texts>();
    let (word, number, day) = (column(0), column(1), column(2));
    // In the order of the fields' names.
    Records::pack(&Scheme::new(spec).unwrap(), rows.len(), &[Some(&day), Some(&number), Some(&word)])
}

/// Whether a rule brings two rows together.
fn is_candidate(a: Row, b: Row) -> bool {
    let same = |x: Option<&str>, y: Option<&str>| x.is_some_and(|x| !x.is_empty() && Some(x) == y);
    let whole = |at: usize| same(Some(a[at]), Some(b[at]));
    let first = same(a[0].get(..1), b[0].get(..1));
    // Of a word that ends before, what there is counts.
    let behind = |word: &'static str| word.get(1..).map(|rest| &rest[..rest.len().min(2)]);
    let year = same(a[2].get(..4), b[2].get(..4));
    whole(0) || whole(1) && first || year && same(behind(a[0]), behind(b[0])) || whole(2)
}

/// The level of each comparison in the specification's order: 0 missing, 1 exact, 2 the weaker one, 3 else.
fn levels(a: Row, b: Row) -> [usize; 3] {
    let level = |at: usize, nearly: &dyn Fn() -> bool| match (a[at], b[at]) {
        ("", _) | (_, "") => 0,
        (x, y) if x == y => 1,
        _ if nearly() => 2,
        _ => 3,
    };
    let number = |row: Row| row[1].parse::<f64>().unwrap();
    [
        level(0, &|| a[0].len() >= 2 && b[0].len() >= 2 && a[0][..2] == b[0][..2]),
        level(1, &|| (number(a) - number(b)).abs() <= 1.0),
        level(2, &|| a[2][..4] == b[2][..4]),
    ]
}

fn weight(model: &Model, levels: [usize; 3]) -> f32 {
    let prior = (model.prior / (1.0 - model.prior)).log2() as f32;
    let of = |(learned, level): (&crate::Learned, usize)| match level {
        0 => 0.0,
        level => (learned.levels[level - 1].m / learned.levels[level - 1].u).log2() as f32,
    };
    prior + model.comparisons.iter().zip(levels).map(of).sum::<f32>()
}

/// All pairs that a rule brings together: left row, right row, levels, weight.
fn all_pairs(model: &Model, rows: &[Row], may: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize, [usize; 3], f32)> {
    let mut pairs = Vec::new();
    for left in 0..rows.len() {
        for right in left + 1..rows.len() {
            if may(left, right) && is_candidate(rows[left], rows[right]) {
                let levels = levels(rows[left], rows[right]);
                pairs.push((left, right, levels, weight(model, levels)));
            }
        }
    }
    pairs
}

fn found(outcome: &Outcome) -> Vec<(usize, usize, [usize; 3], f32)> {
    let pairs = outcome.pairs.iter().filter(|pair| !pair.is_implied);
    pairs
        .map(|pair| {
            let levels = [0, 1, 2].map(|at| usize::from(pair.pattern.level(at)));
            (pair.left as usize, pair.right as usize, levels, pair.weight)
        })
        .collect()
}

/// The best pairs first, equal ones in the order of their rows.
fn best_first(mut pairs: Vec<(usize, usize, [usize; 3], f32)>, threshold: f64) -> Vec<(usize, usize, f32)> {
    pairs.retain(|pair| 1.0 / (1.0 + (-f64::from(pair.3)).exp2()) >= threshold);
    pairs.sort_by(|a, b| b.3.total_cmp(&a.3).then((a.0, a.1).cmp(&(b.0, b.1))));
    pairs.into_iter().map(|(left, right, _, weight)| (left, right, weight)).collect()
}

/// Groups numbered in the order of their first rows.
fn numbered(groups: &[Vec<usize>], rows: usize) -> Vec<u32> {
    let mut numbers: Vec<u32> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    for row in 0..rows {
        let group = groups.iter().position(|group| group.contains(&row)).unwrap();
        let number = seen.iter().position(|known| *known == group).unwrap_or_else(|| {
            seen.push(group);
            seen.len() - 1
        });
        numbers.push(number as u32);
    }
    numbers
}

fn join(groups: &mut [Vec<usize>], a: usize, b: usize) {
    let more = std::mem::take(&mut groups[b]);
    groups[a].extend(more);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn one_to_one_is_what_comparing_every_pair_gives(
        a in prop::collection::vec(row(), 1..25), b in prop::collection::vec(row(), 1..25), threshold in 0.0..1.0f64
    ) {
        let spec = job(2, &format!("one_to_one = true\nthreshold = {threshold}"));
        let outcome = linked(&spec, vec![pack(&spec, &a), pack(&spec, &b)], Known::default()).unwrap();
        let rows = [a.clone(), b].concat();
        let pairs = all_pairs(&outcome.model, &rows, |left, right| left < a.len() && right >= a.len());
        prop_assert_eq!(found(&outcome), pairs.clone());
        let mut groups: Vec<Vec<usize>> = (0..rows.len()).map(|row| vec![row]).collect();
        for (left, right, _) in best_first(pairs, threshold) {
            if groups[left].len() == 1 && groups[right] == [right] {
                join(&mut groups, left, right);
            }
        }
        prop_assert_eq!(outcome.clusters, numbered(&groups, rows.len()));
    }

    #[test]
    fn groups_are_what_comparing_every_pair_gives(rows in prop::collection::vec(row(), 1..30), threshold in 0.0..1.0f64) {
        let spec = job(1, &format!("threshold = {threshold}"));
        let outcome = linked(&spec, vec![pack(&spec, &rows)], Known::default()).unwrap();
        let pairs = all_pairs(&outcome.model, &rows, |_, _| true);
        prop_assert_eq!(found(&outcome), pairs.clone());
        let mut groups: Vec<Vec<usize>> = (0..rows.len()).map(|row| vec![row]).collect();
        for (left, right, _) in best_first(pairs, threshold) {
            let place = |row: usize| groups.iter().position(|group| group.contains(&row)).unwrap();
            let (a, b) = (place(left), place(right));
            if a == b {
                continue;
            }
            // Two groups join where their records on the whole fit, each pair counted within 12 bits.
            let mut fit = Vec::new();
            for x in &groups[a] {
                for y in &groups[b] {
                    fit.push(weight(&outcome.model, levels(rows[*x], rows[*y])).clamp(-12.0, 12.0));
                }
            }
            if fit.len() == 1 || fit.iter().sum::<f32>() / fit.len() as f32 >= -3.0 {
                join(&mut groups, a, b);
            }
            // Of large groups some records speak: such are not looked at here.
            prop_assume!(groups.iter().all(|group| group.len() <= 8));
        }
        prop_assert_eq!(outcome.clusters, numbered(&groups, rows.len()));
    }

    #[test]
    fn little_room_and_many_cores_change_nothing(rows in prop::collection::vec(row(), 1..40)) {
        let spec = job(1, "threshold = 0.5");
        let on = |threads: usize, room: Room| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let known = Known { room, ..Known::default() };
            pool.install(|| linked(&spec, vec![pack(&spec, &rows)], known)).unwrap()
        };
        let (one, small) = (on(1, Room(None)), on(3, Room(Some(0))));
        let counts = |statistics: &Statistics| (statistics.by_rule.clone(), statistics.weights.clone());
        prop_assert_eq!(&one.pairs, &small.pairs);
        prop_assert_eq!(&one.clusters, &small.clusters);
        prop_assert_eq!(&one.model, &small.model);
        prop_assert_eq!(counts(&one.statistics), counts(&small.statistics));
    }
}

/// As many machines as it says, each of which gets the next so many rows; what is sent travels as bytes.
struct Apart<'a>(u32, &'a Records);

impl crate::Machines for Apart<'_> {
    fn compare(&self, job: &crate::Job, asking: std::ops::Range<u32>) -> Result<Vec<crate::Portion>, String> {
        let Self(machines, records) = self;
        let records = unpacked(&packed(*records)).unwrap();
        let each = (asking.len() as u32).div_ceil(*machines).max(1) as usize;
        let share = |from: u32| job.share(&records, from..asking.end.min(from + each as u32)).unwrap();
        Ok(asking.clone().step_by(each).map(share).map(|portion| unpacked(&packed(&portion)).unwrap()).collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn other_machines_change_nothing(
        a in prop::collection::vec(row(), 1..25), b in prop::collection::vec(row(), 1..25), machines in 1..5u32
    ) {
        for link in ["type = \"link_only\"", "type = \"dedupe_only\"", "type = \"link_and_dedupe\"\nthreshold = 0.5"] {
            let spec = job(2, link);
            let records = pack(&spec, &[a.clone(), b.clone()].concat());
            let elsewhere = Apart(machines, &records);
            let on = |machines: Option<&dyn crate::Machines>, known: Known| {
                crate::link_on(machines, &spec, &records, &[a.len(), b.len()], known).unwrap()
            };
            let here = on(None, Known::default());
            let known = Known { model: Some(here.model.clone()), ..Known::default() };
            for there in [on(Some(&elsewhere), Known::default()), on(Some(&elsewhere), known)] {
                prop_assert_eq!(&here.pairs, &there.pairs);
                prop_assert_eq!(&here.clusters, &there.clusters);
                prop_assert_eq!(&here.model, &there.model);
                prop_assert_eq!(&here.statistics.by_rule, &there.statistics.by_rule);
                prop_assert_eq!(&here.statistics.weights, &there.statistics.weights);
            }
        }
    }
}

/// Rows of one of few surnames and one of few birth years, more than one partition holds.
#[test]
fn slices_and_partitions_bring_together_what_agrees() {
    use crate::candidates::Search;
    use crate::train::{Population, mixed};
    let spec =
        spec("word = \"text\"\nnumber = \"number\"", "[[blocking]]\non = [\"word\"]\n[[blocking]]\non = [\"number\"]");
    let scheme = Scheme::new(&spec).unwrap();
    let rows: Vec<(u64, u64)> = (0..20_000u64).map(|row| (mixed(row) % 9_000, mixed(row + 77) % 15_000)).collect();
    let column = |of: fn(&(u64, u64)) -> u64| rows.iter().map(|row| of(row).to_string()).collect::<Vec<_>>();
    let texts = |column: &[String]| column.iter().map(|text| Some(text.as_str())).collect::<Texts>();
    let (words, numbers) = (texts(&column(|row| row.0)), texts(&column(|row| row.1)));
    let records = Records::pack(&scheme, rows.len(), &[Some(&numbers), Some(&words)]);
    let population = Population { starts: vec![0, 20_000], link: crate::LinkType::DedupeOnly, terms: 0..20_000 };
    let found = |slices: usize, from: u32| {
        let search = Search::new(&scheme, &records, &population).sliced(slices).asking_from(from);
        let found = search.each(Vec::new, |pairs, pair| pairs.push((pair.left, pair.right)));
        let mut pairs: Vec<(u32, u32)> = found.parts.concat();
        pairs.sort_unstable();
        (pairs, found.new_by_rule)
    };
    let mut by_value: std::collections::BTreeMap<(bool, u64), Vec<u32>> = std::collections::BTreeMap::new();
    for (row, (word, number)) in rows.iter().enumerate() {
        by_value.entry((false, *word)).or_default().push(row as u32);
        by_value.entry((true, *number)).or_default().push(row as u32);
    }
    let mut naive: Vec<(u32, u32)> = Vec::new();
    for block in by_value.values() {
        for (at, left) in block.iter().enumerate() {
            naive.extend(block[at + 1..].iter().map(|right| (*left, *right)));
        }
    }
    naive.sort_unstable();
    naive.dedup();
    let (pairs, counts) = found(1, 0);
    assert_eq!(pairs, naive);
    assert_eq!(found(5, 0), (pairs, counts));
    naive.retain(|(_, right)| *right >= 15_000);
    assert_eq!(found(3, 15_000).0, naive);
}
