//! Stories about the county as a whole, and the truth read a second time, slowly.

use crate::life::{AS_OF, Life, WINDOW, World, day};
use crate::truth::{self, Account};
use crate::{Cell, County, FileKind, Sink, Size, catalog};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use values::{Day, IdNumber, Month};

/// Keeps everything as text: by resource, by row.
#[derive(Default, PartialEq, Debug)]
struct Pages(Vec<Vec<Vec<String>>>);

impl Sink for Pages {
    type Error = Infallible;

    fn row(&mut self, resource: usize, cells: &[Cell<'_>]) -> Result<(), Infallible> {
        if self.0.len() <= resource {
            self.0.resize(resource + 1, Vec::new());
        }
        let text = |cell: &Cell<'_>| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => (*text).to_owned(),
            Cell::Integer(n) => n.to_string(),
            Cell::Decimal(n) => n.to_string(),
            Cell::Date(day) => day.to_string(),
        };
        self.0[resource].push(cells.iter().map(text).collect());
        Ok(())
    }
}

impl Pages {
    fn of(county: &County) -> Self {
        let mut pages = Self::default();
        let Ok(()) = county.emit(&mut pages);
        pages
    }

    /// `records`, `errors`, `members` or `households`.
    fn truth(&self, which: usize) -> &[Vec<String>] {
        &self.0[self.0.len() - 4 + which]
    }
}

fn tiny(seed: u64) -> County {
    County::of(2, 3, 40, seed)
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(Pages::of(&tiny(1)), Pages::of(&tiny(1)));
    assert_ne!(Pages::of(&tiny(1)), Pages::of(&tiny(2)));
    assert_eq!(tiny(1).texts(), tiny(1).texts());
}

#[test]
fn chunks_made_in_any_order_are_the_whole() {
    let county = tiny(3);
    let mut chunks: Vec<_> = (0..county.chunks()).rev().map(|village| county.chunk(village)).collect();
    chunks.reverse();
    let (mut pages, mut delivered) = (Pages::default(), county.nothing_delivered());
    for chunk in chunks {
        let Ok(()) = chunk.deliver(&mut delivered, &mut pages);
    }
    assert_eq!(pages, Pages::of(&county));
}

#[test]
fn twice_the_errors_are_seen_in_the_same_life() {
    let (once, twice) = (Pages::of(&tiny(4)), Pages::of(&tiny(4).with_rates_factor(2.0)));
    assert_eq!(once.truth(2), twice.truth(2));
    let lived = |pages: &Pages| pages.truth(3).iter().map(|row| row[2..4].to_vec()).collect::<Vec<_>>();
    assert_eq!(lived(&once), lived(&twice));
    let names = |pages: &Pages| pages.truth(1).iter().filter(|row| row[4] == "name").count();
    assert!(names(&twice) * 2 > names(&once) * 3, "{} {}", names(&once), names(&twice));
}

#[test]
fn every_department_and_every_kind_of_record_is_there() {
    let county = County::new(Size::Small, 5);
    let pages = Pages::of(&county);
    let departments: BTreeSet<_> = catalog::files().map(|(delivery, _)| delivery.department.name()).collect();
    assert!(departments.len() >= 14 && catalog::files().count() >= 20);
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, (_, file)) in catalog::files().enumerate() {
        *rows.entry(file.record).or_default() += pages.0[i].len();
        assert!(!pages.0[i].is_empty(), "{}", file.name);
        assert!(pages.0[i].iter().all(|row| row.len() == file.columns.len()));
    }
    let kinds = "alleviated assistance bank business consent death disability disaster employment farm_machine house \
                 household_member income land medical_cost medical_cover monitoring pension property school subsidy tax \
                 vehicle water";
    assert_eq!(rows.into_keys().collect::<Vec<_>>().join(" "), kinds);
    assert_eq!(county.resources().len(), pages.0.len());
    let cells: usize = catalog::files().enumerate().map(|(i, _)| pages.0[i].len()).sum();
    assert_eq!(pages.truth(0).len(), cells);
}

#[test]
fn the_truth_is_consistent() {
    let pages = Pages::of(&County::new(Size::Small, 6));
    let people: BTreeSet<&str> = pages.truth(2).iter().map(|row| row[0].as_str()).collect();
    assert_eq!(people.len(), pages.truth(2).len(), "nobody is a member of two households");
    let lived_in: BTreeSet<&str> = pages.truth(2).iter().map(|row| row[1].as_str()).collect();
    let households: BTreeSet<&str> = pages.truth(3).iter().map(|row| row[0].as_str()).collect();
    assert_eq!(lived_in, households);
    let parts =
        |text: &str| text.split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>();
    for row in pages.truth(3) {
        let (listed, wrongly, knowable) = (parts(&row[6]), parts(&row[7]), parts(&row[8]));
        assert!(wrongly.is_subset(&listed) && knowable.is_subset(&wrongly));
        assert!(wrongly.iter().all(|programme| truth::LIMITED.contains(&programme.as_str())));
        assert_eq!(row[3] == "true", !row[5].is_empty());
        assert!(row[4] == "false" || row[3] == "true");
    }
    let count = |test: &dyn Fn(&Vec<String>) -> bool| pages.truth(3).iter().filter(|row| test(row)).count();
    let (all, at_risk) = (count(&|_| true), count(&|row| row[3] == "true"));
    assert!((all * 5 / 100..all * 13 / 100).contains(&at_risk), "{at_risk} of {all}");
    let known = count(&|row| row[3] == "true" && !row[6].is_empty());
    assert!((at_risk * 35 / 100..at_risk * 65 / 100).contains(&known), "{known} of {at_risk}");
}

/// Income by days and months instead of intervals, with fractions kept apart.
fn slow_income(life: &Life, household: usize) -> i64 {
    let months: Vec<Month> = (WINDOW.first.0..=WINDOW.last.0).map(Month).collect();
    let touches = |from: Day, to: Day, month: Month| {
        (month.first_day().0..=month.last_day().0).any(|day| from <= Day(day) && Day(day) <= to)
    };
    let monthly = |amount: i64, from: Day, to: Option<Day>| -> i64 {
        months.iter().filter(|month| touches(from, to.unwrap_or(AS_OF), **month)).map(|_| amount).sum()
    };
    // Every period touches at most 24 months, so shares are exact in parts of their least common multiple.
    let parts = truth::PARTS;
    let spread = |amount: i64, from: Day, to: Day| -> i128 {
        let all = (from.month().0..=to.month().0).count() as i128;
        months.iter().filter(|month| touches(from, to, **month)).map(|_| i128::from(amount) * parts / all).sum()
    };
    let home = &life.households[household];
    let mut sum = 0i128;
    for i in &home.people {
        let person = &life.people[*i];
        if person.died.is_some() || person.home == crate::life::Home::Gone {
            continue;
        }
        sum += person.jobs.iter().map(|job| parts * i128::from(monthly(job.wage, job.from, job.to))).sum::<i128>();
        sum += person.pension.map_or(0, |p| parts * i128::from(monthly(p.amount, p.from, p.to)));
        sum -= person.illness.iter().map(|i| spread(i.own_cost, i.from, i.to)).sum::<i128>();
        let paid = home.subsidies.iter().filter(|s| s.person == *i);
        sum += paid.map(|s| spread(s.amount, s.paid, s.paid)).sum::<i128>();
    }
    sum += home.assistance.iter().map(|a| parts * i128::from(monthly(a.monthly, a.from, a.to))).sum::<i128>();
    for item in &home.items {
        let sign = if item.item == "operating_cost" { -1 } else { 1 };
        sum += sign * spread(item.amount, item.from, item.to);
    }
    (sum.div_euclid(parts) as i64).div_euclid(life.members(household).count() as i64)
}

#[test]
fn income_a_head_is_what_a_slow_reading_finds() {
    let county = tiny(8);
    let world = World { seed: county.seed, places: &county.places };
    for village in 0..county.chunks() {
        let life = Life::of(&world, village);
        for household in (0..life.households.len()).filter(|h| life.members(*h).next().is_some()) {
            let account = Account::of(&life, household);
            assert_eq!(account.income_per_head(), slow_income(&life, household), "{village} {household}");
        }
    }
}

#[test]
fn some_stand_exactly_on_the_line_and_are_not_below_it() {
    let pages = Pages::of(&County::of(4, 6, 167, 9));
    let on_the_line: Vec<_> = pages.truth(3).iter().filter(|row| row[2] == truth::LINE.to_string()).collect();
    assert!(!on_the_line.is_empty());
    assert!(on_the_line.iter().all(|row| !row[5].split(';').any(|cause| cause == "income")));
}

#[test]
fn packages_are_valid_and_complete() {
    let county = County::new(Size::Small, 1);
    let mut names = BTreeSet::new();
    for (path, text) in county.texts().into_iter().filter(|(path, _)| path.ends_with("datapackage.json")) {
        let package: serde_json::Value = serde_json::from_str(&text).unwrap();
        let ours = &package["fuzhi"];
        for key in ["department", "as_of", "nature", "purpose", "legal_basis"] {
            assert!(ours[key].is_string(), "{path} {key}");
        }
        for resource in package["resources"].as_array().unwrap() {
            assert!(names.insert(format!("{}/{}", ours["department"], resource["name"])));
            assert!(resource["path"].is_string() && resource["fuzhi"]["record"].is_string());
            let listed = resource["fuzhi"]["nature"] == "threshold_list";
            assert_eq!(listed, resource["fuzhi"]["limit"]["field"].is_string());
            let fields = resource["schema"]["fields"].as_array().unwrap();
            assert!(fields.iter().any(|field| field["fuzhi"]["as"] == "name"));
            assert!(fields.iter().all(|field| field["name"].is_string() && field["type"].is_string()));
        }
    }
    assert!(names.len() >= 20);
}

#[test]
fn spreadsheets_stay_small_at_any_size() {
    for size in [Size::Small, Size::County, Size::City] {
        let county = County::new(size, 1);
        assert!(county.sheet_rows * county.chunks() <= 100_000);
    }
    assert!(catalog::files().any(|(_, file)| matches!(file.kind, FileKind::Xlsx(_))));
}

/// Slips must not tell the guilty from the innocent.
#[test]
fn errors_strike_the_guilty_and_the_innocent_alike() {
    let pages = Pages::of(&County::of(6, 6, 167, 10));
    let household: BTreeMap<&str, &str> = pages.truth(2).iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    let guilty: BTreeSet<&str> =
        pages.truth(3).iter().filter(|row| row[3] == "true").map(|row| row[0].as_str()).collect();
    let key = |row: &[String]| (row[0].clone(), row[1].clone(), row[2].clone());
    let mut person = BTreeMap::new();
    let mut rows = [0usize; 2];
    for row in pages.truth(0) {
        if let Some(home) = household.get(row[3].as_str()) {
            let side = usize::from(guilty.contains(home));
            rows[side] += 1;
            person.insert(key(row), side);
        }
    }
    let mut struck: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for row in pages.truth(1) {
        if let Some(side) = person.get(&key(row)) {
            struck.entry(row[4].as_str()).or_default()[*side] += 1;
        }
    }
    for kind in ["id_missing", "id_wrong", "name", "birth", "area_wrong", "phone_other", "value_missing", "value_wrong"]
    {
        let [innocent, guilty] = struck[kind];
        let share = |side: usize, count: usize| count as f64 / rows[side] as f64;
        let ratio = share(1, guilty) / share(0, innocent);
        assert!((0.6..1.7).contains(&ratio), "{kind}: {innocent} {guilty} ratio {ratio}");
    }
}

#[test]
fn places_lead_from_old_codes_to_new_ones() {
    let text = County::new(Size::Small, 2).texts().remove(1).1;
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let codes: BTreeSet<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(codes.len(), rows.len());
    assert!(rows.iter().all(|row| row[3].is_empty() || codes.contains(row[3])));
    let successors: Vec<_> = rows.iter().flat_map(|row| row[6].split(';')).filter(|code| !code.is_empty()).collect();
    assert!(successors.iter().all(|code| codes.contains(code)));
    assert!(rows.iter().any(|row| row[6].contains(';')) && successors.len() > 2);
}

proptest! {
    #[test]
    fn days_are_days(y in 1971i16..2099, m in 1i8..=12, d in 1i8..=28) {
        prop_assert_eq!(Some(day(y, m, d)), Day::from_ymd(y, m, d));
    }

    #[test]
    fn identity_numbers_say_birth_and_sex(seed: u64, village in 0usize..9_000, days in -15_000i32..20_000) {
        let mut draw = crate::draw::Draw::new(seed, 0, 0);
        let id: IdNumber = crate::life::identity(&mut draw, village, Day(days), values::Sex::Female, true);
        prop_assert!(id.has_valid_check());
        prop_assert_eq!((id.birth_date(), id.sex()), (Some(Day(days)), values::Sex::Female));
    }

    #[test]
    fn draws_keep_within_their_ends(seed: u64, low in -1_000i32..1_000, span in 0i32..100_000) {
        let mut draw = crate::draw::Draw::new(seed, 0, 0);
        let range = low..=low + span;
        prop_assert!(range.contains(&draw.between(low, low + span)));
        prop_assert!(range.contains(&draw.around(low, low + span)));
        prop_assert!(range.contains(&draw.skewed(low, low + span)));
    }
}
