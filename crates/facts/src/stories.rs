//! Families told in a handful of rows, and what is known of them: contract §4 sentence by sentence.

mod telling;

use proptest::prelude::*;
use telling::Story;
use values::{Bounds, Truth};

fn yuan(amount: i64) -> Bounds {
    Bounds::exact(amount * 100)
}

/// A couple, their daughter of eight and the husband's mother; everybody answered for the whole county.
fn family() -> Story {
    let mut story = Story::of(&[
        ("周德全", "1968-04-10"),
        ("杨桂兰", "1971-09-02"),
        ("周子轩", "2018-03-15"),
        ("赵秀英", "1944-01-20"),
    ]);
    story.register(
        "police",
        "household_member",
        &[
            "周德全 household_no=7 relation=head living=here",
            "杨桂兰 household_no=7 relation=spouse living=away",
            "周子轩 household_no=7 relation=child living=here",
            "赵秀英 household_no=7 relation=parent living=here",
        ],
    );
    for record in ["employment", "pension", "subsidy", "assistance", "medical_cost", "school", "medical_cover", "death"]
    {
        story.register("county", record, &[]);
    }
    story
}

#[test]
fn members_live_here_or_away_and_are_neither_dead_nor_left() {
    let mut story = Story::of(&[
        ("周德全", "1968-04-10"),
        ("杨桂兰", "1971-09-02"),
        ("周海", "1995-03-15"),
        ("赵秀英", "1944-01-20"),
    ]);
    story.register(
        "police",
        "household_member",
        &[
            "周德全 household_no=7 relation=head living=here",
            "杨桂兰 household_no=7 relation=spouse living=away",
            "周海 household_no=7 relation=child living=left",
            "赵秀英 household_no=7 relation=parent living=here",
        ],
    );
    story.register("civil", "death", &["赵秀英 died_on=2026-05-02 evidence=cremation"]);
    let known = story.told();
    assert_eq!(known.bounds("members"), Bounds::exact(2));
    assert_eq!(known.bounds("dead_members"), Bounds::exact(1));
    assert_eq!(known.bounds("left_members"), Bounds::exact(1));
    assert_eq!(known.person_flag("赵秀英", "member"), Truth::False);
}

#[test]
fn an_amount_counts_by_its_months_and_the_household_is_rounded_once() {
    let mut story = family();
    story.register(
        "rural",
        "income",
        &[
            "周德全 household_no=1 item=operating amount=1000 from=2025-01-01 to=2025-12-31",
            "周德全 household_no=1 item=transfer amount=1000 from=2026-01-01 to=2026-12-31",
            "周德全 household_no=1 item=operating_cost amount=100 from=2025-09-01 to=2026-08-31",
        ],
    );
    // 4 of 12 months and 8 of 12: 333.33… and 666.66… make 1,000 before anything is rounded.
    let known = story.told();
    assert_eq!(known.bounds("operating_income"), Bounds::exact(33_333));
    assert_eq!(known.bounds("net_income"), yuan(900));
    assert_eq!(known.bounds("property_income"), Bounds::ZERO, "an item not listed is 0 once any is");
    assert_eq!(known.bounds("income_declared"), yuan(900));
}

#[test]
fn a_household_nobody_asked_has_no_income_not_none() {
    let known = family().told();
    assert!(known.bounds("monitoring_income").is_unknown());
    assert_eq!(known.bounds("income_assembled"), Bounds::ZERO);
    assert_eq!(known.bounds("pension_income"), Bounds::ZERO, "a covered register is silent");
}

#[test]
fn wages_are_the_larger_sum_and_monitoring_income_counts_help_and_illness() {
    let mut story = family();
    story.register("hr", "employment", &["杨桂兰 monthly_wage=3000 status=employed from=2025-03-01"]);
    story.register("rural", "income", &["周德全 household_no=1 item=wage amount=30000 from=2025-09-01 to=2026-08-31"]);
    story.register("hr", "pension", &["赵秀英 monthly_amount=200 from=2010-01-01"]);
    story.register("civil", "assistance", &["周德全 programme=dibao monthly_amount=500 from=2026-07-01"]);
    story.register("health", "medical_cost", &["赵秀英 own_cost=9000 from=2026-01-01 to=2026-09-30"]);
    let known = story.told();
    assert_eq!(known.bounds("wage_income"), yuan(36_000));
    assert_eq!(known.bounds("means_income"), yuan(36_000 + 2_400));
    assert_eq!(known.bounds("monitoring_income"), yuan(36_000 + 2_400 + 1_000 - 8_000));
    assert_eq!(known.bounds("income_per_head"), yuan(31_400 / 4));
    assert_eq!(known.flag("receives_dibao"), Truth::True);
    assert_eq!(known.person_bounds("赵秀英", "own_cost_year"), yuan(9_000));
}

#[test]
fn the_silence_of_a_list_is_bounded_by_its_limit() {
    let mut story = family();
    story.without("medical_cost");
    story.list("health", "medical_cost", "own_cost", 3_000, &["赵秀英 own_cost=21000 from=2026-01-01 to=2026-09-30"]);
    let known = story.told();
    assert_eq!(known.person_bounds("周德全", "own_cost_year"), Bounds::between(0, 300_000));
    assert_eq!(known.bounds("own_cost_year_largest"), yuan(21_000));
}

#[test]
fn the_same_row_twice_counts_once() {
    let mut story = family();
    let row = "赵秀英 own_cost=9000 from=2026-01-01 to=2026-09-30";
    story.register("health", "medical_cost", &[row, row]);
    assert_eq!(story.told().person_bounds("赵秀英", "own_cost_year"), yuan(9_000));
}

#[test]
fn a_child_is_out_of_school_when_absent_or_when_a_covered_register_is_silent() {
    assert_eq!(family().told().person_flag("周子轩", "out_of_school"), Truth::True);
    let mut story = family();
    story.register("education", "school", &["周子轩 stage=primary status=home_teaching from=2024-09-01"]);
    assert_eq!(story.told().person_flag("周子轩", "out_of_school"), Truth::False);
    story.register("education_2", "school", &["周子轩 stage=primary status=left from=2026-03-01"]);
    assert_eq!(story.told().person_flag("周子轩", "out_of_school"), Truth::True);
    let mut story = family();
    story.without("school");
    assert_eq!(story.told().person_flag("周子轩", "out_of_school"), Truth::Undetermined);
}

#[test]
fn a_row_of_the_register_that_looks_like_somebody_keeps_silence_from_proving_anything() {
    let mut story = family();
    story.register(
        "insurance",
        "medical_cover",
        &["周德全 cover=resident year=2026", "杨桂兰 cover=employee year=2026", "周子轩 cover=none year=2026"],
    );
    assert_eq!(story.told().bounds("uncovered_members"), Bounds::exact(2));
    // A row that stands alone has 赵秀英's name and birth date.
    story.stranger("insurance_2", "medical_cover", "赵秀英", "1944-01-20", "cover=resident year=2026");
    assert_eq!(story.told().bounds("uncovered_members"), Bounds::between(1, 2));
}

#[test]
fn the_only_home_counts_as_its_latest_survey_grades_it() {
    let mut story = family();
    story.register(
        "housing",
        "house",
        &[
            "周德全 household_no=3 grade=D only_home=true area_m2=90 surveyed_on=2024-05-01",
            "周德全 household_no=3 grade=B only_home=true area_m2=90 surveyed_on=2026-05-01",
        ],
    );
    assert_eq!(story.told().flag("house_unsafe"), Truth::False);
    let mut story = family();
    story.register("housing", "house", &["周德全 grade=C only_home=true surveyed_on=2024-05-01"]);
    assert_eq!(story.told().flag("house_unsafe"), Truth::True);
    story.register("civil", "assistance", &["周德全 programme=house_renovation from=2025-01-01 to=2025-10-01"]);
    assert_eq!(story.told().flag("house_unsafe"), Truth::Undetermined, "renovated since the survey");
    assert_eq!(family().told().flag("water_unsafe"), Truth::Undetermined, "nobody surveyed the water");
}

#[test]
fn the_main_earner_is_who_earned_most_the_year_before() {
    let mut story = family();
    story.register(
        "hr",
        "employment",
        &[
            "周德全 monthly_wage=5000 status=lost from=2024-01-01 to=2026-01-31",
            "杨桂兰 monthly_wage=2000 status=employed from=2024-01-01",
        ],
    );
    let known = story.told();
    assert_eq!(known.person_flag("周德全", "main_earner"), Truth::True);
    assert_eq!(known.bounds("main_earner_months_without_wage"), Bounds::exact(7));
    assert_eq!(known.bounds("main_earner_age"), Bounds::exact(58));
    assert_eq!(known.flag("main_earner_died"), Truth::False);
    story.register("civil", "death", &["周德全 died_on=2026-02-03 evidence=register"]);
    assert_eq!(story.told().flag("main_earner_died"), Truth::True);
}

#[test]
fn query_answers_serve_households_that_consented_and_nobody_else() {
    let mut story = family();
    story.answer("bank", "bank", &["周德全 balance=90000 on=2026-08-01", "周德全 balance=10000 on=2026-09-01"]);
    assert!(story.told().bounds("financial_assets").is_unknown());
    story.register("civil", "consent", &["杨桂兰 signed_on=2026-01-01 expires_on=2026-12-31"]);
    assert_eq!(story.told().bounds("financial_assets"), yuan(10_000));
    story.register("civil_2", "consent", &[]);
    story.without("consent");
    story.register("civil", "consent", &["杨桂兰 signed_on=2026-01-01 expires_on=2026-12-31 revoked_on=2026-09-30"]);
    assert!(story.told().bounds("financial_assets").is_unknown());
}

#[test]
fn a_household_that_split_from_a_once_poor_one_was_once_poor() {
    let mut story = Story::of(&[("李建国", "1955-01-01"), ("李明", "1985-01-01")]);
    story.register(
        "police",
        "household_member",
        &[
            "李建国 household_no=1 relation=head living=here",
            "李明 household_no=1 relation=child living=left to=2024-05-01",
            "李明 household_no=2 relation=head living=here from=2024-05-01",
        ],
    );
    story.register("rural", "alleviated", &["李建国 year=2018"]);
    let known = story.told();
    assert_eq!(known.flag_of("李明", "once_poor"), Truth::True);
    assert_eq!(known.flag_of("李明", "split"), Truth::True);
}

#[test]
fn of_two_views_the_later_event_tells_where_somebody_lives() {
    let mut story = Story::of(&[("王芳", "1990-01-01"), ("王强", "1962-01-01"), ("刘军", "1988-01-01")]);
    story.register(
        "police",
        "household_member",
        &[
            "王强 household_no=1 relation=head living=here from=1990-01-01",
            "王芳 household_no=1 relation=child living=here from=1990-01-01",
            "刘军 household_no=2 relation=head living=here from=2010-01-01",
        ],
    );
    story.register(
        "rural",
        "household_member",
        &[
            "刘军 household_no=88 relation=head living=here from=2010-01-01",
            "王芳 household_no=88 relation=spouse living=here from=2026-02-01",
            "王强 household_no=89 relation=head living=here from=1990-01-01",
        ],
    );
    let known = story.told();
    assert_eq!(known.bounds_of("刘军", "members"), Bounds::exact(2));
    assert_eq!(known.bounds_of("王强", "members"), Bounds::exact(1));
}

#[test]
fn households_keep_their_identifier_while_most_members_stay() {
    let mut story = family();
    let (before, kept) = story.identified(&crate::assembly::HouseholdIdentities::default());
    story.register("civil", "death", &["周德全 died_on=2026-05-02 evidence=cremation"]);
    assert_eq!(story.identified(&kept).0, before);
}

#[test]
fn any_number_of_threads_gives_the_same_facts() {
    let mut story = family();
    story.register("hr", "employment", &["杨桂兰 monthly_wage=3000 status=employed from=2025-03-01"]);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| story.told().facts)
    };
    let (one, four) = (on(1), on(4));
    assert_eq!(one.households, four.households);
    assert_eq!(one.persons, four.persons);
}

proptest! {
    /// Whatever isn't delivered, or falls below a list's limit, only widens what is known.
    #[test]
    fn hidden_rows_leave_the_truth_inside_the_bounds(
        wage in 0i64..8_000, declared in 0i64..60_000, pension in 0i64..2_000, cost in 0i64..30_000,
        subsidy in 0i64..3_000, hidden in 0usize..32,
    ) {
        let tell = |hidden: usize| {
            let mut story = family();
            let mut add = |bit: usize, department: &str, record: &str, row: String| {
                if hidden & bit == 0 {
                    story.register(department, record, &[&row]);
                } else {
                    story.without(record);
                }
            };
            add(1, "hr", "employment", format!("杨桂兰 monthly_wage={wage} status=employed from=2025-12-01"));
            add(2, "rural", "income", format!("周德全 household_no=1 item=wage amount={declared} from=2025-09-01 to=2026-08-31"));
            add(4, "hr", "pension", format!("赵秀英 monthly_amount={pension} from=2010-01-01"));
            add(8, "fin", "subsidy", format!("周德全 item=地力 amount={subsidy} paid_on=2026-03-03"));
            if hidden & 16 == 0 {
                add(0, "health", "medical_cost", format!("赵秀英 own_cost={cost} from=2025-09-01 to=2026-08-31"));
            } else {
                story.without("medical_cost");
                let row = format!("赵秀英 own_cost={cost} from=2025-09-01 to=2026-08-31");
                let rows: &[&str] = if cost > 3_000 { &[&row] } else { &[] };
                story.list("health", "medical_cost", "own_cost", 3_000, rows);
            }
            story.told()
        };
        let (full, partial) = (tell(0), tell(hidden));
        for fact in ["wage_income", "net_income", "monitoring_income", "means_income", "own_cost_window", "income_per_head"] {
            // Where all sources together contradict each other, there is no figure to hide.
            let (truth, known) = (full.bounds(fact), partial.bounds(fact));
            let inside = truth.value().is_none_or(|truth| known.low <= truth && truth <= known.high);
            prop_assert!(inside, "{fact}: {truth:?} in {known:?}");
        }
    }
}
