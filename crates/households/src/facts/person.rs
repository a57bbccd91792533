use super::dictionary;

pub const SEXES: &[&str] = &["male", "female"];
pub const RELATIONS: &[&str] = &[
    "head",
    "spouse",
    "child",
    "child_in_law",
    "grandchild",
    "parent",
    "parent_in_law",
    "grandparent",
    "sibling",
    "other",
];
pub const LIVINGS: &[&str] = &["here", "away", "left"];
pub const MEMBERSHIPS: &[&str] = &["member", "doubtful", "left", "dead"];
pub const COVERS: &[&str] = &["resident", "employee", "none"];
pub const STAGES: &[&str] = &["preschool", "primary", "junior", "senior", "vocational", "college"];
pub const STATUSES: &[&str] = &["enrolled", "home_teaching", "absent", "left", "finished"];
pub const WORK: &[&str] = &["employed", "lost", "retired"];
pub const WORKPLACES: &[&str] = &["township", "county", "province", "beyond"];

dictionary! {
/// What can be known of a person of a household.
Person, PERSON, PersonFact {
    // Who
    Membership "membership" (Code(MEMBERSHIPS)) "成员身份" "Membership" "member, doubtful, left, or dead since the window began" ["household_member.living" "death.died_on"];
    Relation "relation" (Code(RELATIONS)) "与户主关系" "Relation to the head" "of the view that counts" ["household_member.relation"];
    Living "living" (Code(LIVINGS)) "居住状况" "Living" "of the view that counts" ["household_member.living"];
    Registered "registered" (Flag) "户籍在册" "In the residence register" "a register of households lists it, valid on as_of" ["household_member.living"];
    MemberSince "member_since" (Day) "成为成员日期" "Member since" "from of the view that counts" ["household_member.from"];
    Sex "sex" (Code(SEXES)) "性别" "Sex" "of all linked records" ["household_member.sex"];
    Birth "birth" (Day) "出生日期" "Born on" "of all linked records" ["household_member.birth_date"];
    Age "age" (Count("years")) "年龄" "Age" "whole years on as_of" ["household_member.birth_date"];
    DiedOn "died_on" (Day) "死亡日期" "Died on" "of a credible death record" ["death.died_on"];
    Dead "dead" (Flag) "已死亡" "Dead" "a credible death record" ["death.died_on"];
    Alive "living_signs_after_death" (Flag) "死亡后仍有活动记录" "Signs of life after death" "records that only the living leave, dated after the death" ["death.died_on"];

    // Cover and school
    Cover "cover" (Code(COVERS)) "医保" "Medical cover" "of as_of's year; none where a covered register is silent" ["medical_cover.cover"];
    Uncovered "uncovered" (Flag) "未参保" "Without medical cover" "cover none" ["medical_cover.cover"];
    BothCovers "both_covers" (Flag) "居民职工医保重复" "Both covers" "resident and employee cover in as_of's year" ["medical_cover.cover"];
    SchoolAge "school_age" (Flag) "义务教育年龄" "Of compulsory school age" "6 on the last 1 September and under 16 on as_of" ["household_member.birth_date"];
    Stage "school_stage" (Code(STAGES)) "学段" "School stage" "of the latest row valid on as_of" ["school.stage"];
    Status "school_status" (Code(STATUSES)) "在校状况" "School status" "of the latest row valid on as_of" ["school.status"];
    OutOfSchool "out_of_school" (Flag) "失学" "Out of school" "of school age, status absent or left, or no row in a covered register" ["school.status"];
    SchoolCost "noncompulsory_school_cost" (Money) "非义务教育自付费用" "Non-compulsory schooling cost" "own_cost of preschool, senior, vocational, college in the window" ["school.own_cost"];
    SchoolCostAll "school_cost" (Money) "上学自付费用" "Schooling cost" "own_cost of all stages in the window" ["school.own_cost"];
    StageAge "stage_age_conflict" (Flag) "年龄与学段不符" "Age and stage conflict" "age far outside the stage's years" ["school.stage" "household_member.birth_date"];

    // Work
    Work "employment_status" (Code(WORK)) "就业状况" "Employment status" "of the latest row" ["employment.status"];
    Workplace "workplace" (Code(WORKPLACES)) "务工地" "Workplace" "of the latest row" ["employment.workplace"];
    Wage "wage" (Money) "近12个月工资" "Wages of the window" "larger of employment and income item wage" ["employment.monthly_wage" "income.amount"];
    WageBefore "wage_before_window" (Money) "之前12个月工资" "Wages of the 12 months before the window" "larger of employment and income item wage" ["employment.monthly_wage" "income.amount"];
    MonthsWorked "months_with_wage" (Count("months")) "有工资月数" "Months with wage" "window months that an employment row with a wage touches" ["employment.monthly_wage"];
    MonthsWithout "months_without_wage" (Count("months")) "无工资月数" "Months without wage" "12 - months_with_wage" ["employment.monthly_wage"];
    MainEarner "main_earner" (Flag) "主要劳力" "Main earner" "most wages in the 12 months before the window" ["employment.monthly_wage"];
    TwoJobs "jobs_overlap" (Flag) "同时两处就业" "Two jobs at once" "two employers or workplaces in the same month" ["employment.employer"];
    WorkWhileEnrolled "employed_while_enrolled" (Flag) "在校同时就业" "Employed while enrolled" "enrolled below college and employed on as_of" ["school.status" "employment.status"];
    WageDoubt "wage_doubt" (Flag) "工资存疑" "Wage implausible" "a monthly wage that looks like a slip of unit or sign" ["employment.monthly_wage"];
    MonthlyWage "monthly_wage" (Money) "最近月工资" "Latest monthly wage" "of the latest row" ["employment.monthly_wage"];

    // Pension, subsidy, assistance
    Pension "pension" (Money) "养老金" "Pension of the window" "sum of pension in the window" ["pension.monthly_amount"];
    OnPension "on_pension" (Flag) "领取养老金" "Draws a pension" "a pension row valid on as_of" ["pension.monthly_amount"];
    Subsidy "subsidy" (Money) "惠农补贴" "Subsidies of the window" "sum of subsidy paid in the window" ["subsidy.amount"];
    OtherHolder "subsidy_holder_differs" (Flag) "补贴账户非本人" "Subsidy account of another" "account_holder is not the person's name" ["subsidy.account_holder"];
    PensionAfterDeath "pension_after_death" (Flag) "死亡后领取养老金" "Pension after death" "a pension row lasts beyond the month of death" ["pension.monthly_amount" "death.died_on"];
    SubsidyAfterDeath "subsidy_after_death" (Flag) "死亡后领取补贴" "Subsidy after death" "a subsidy paid more than a month after death" ["subsidy.paid_on" "death.died_on"];
    AssistanceAfterDeath "assistance_after_death" (Flag) "死亡后享受救助" "Assistance after death" "an assistance row in the person's name in force though it has died" ["assistance.programme" "death.died_on"];

    // Health
    MedicalCostYear "medical_cost_year" (Money) "今年自付医疗费" "Own medical cost this year" "own_cost since 1 January of as_of's year" ["medical_cost.own_cost"];
    MedicalCost "medical_cost" (Money) "近12个月自付医疗费" "Own medical cost of the window" "own_cost in the window" ["medical_cost.own_cost"];
    SeriousDisease "serious_disease" (Flag) "患大病" "Serious disease" "medical_cost with disease serious in the window" ["medical_cost.disease"];
    DisabilityGrade "disability_grade" (Count("grade")) "残疾等级" "Disability grade" "of the latest card" ["disability.grade"];
    DisabilityKind "disability_kind" (Count("kind")) "残疾类别" "Disability kind" "of the latest card" ["disability.kind"];
    Disabled "disabled" (Flag) "持残疾证" "Has a disability card" "in the disability register" ["disability.grade"];

    // Doubts of identity
    IdMissing "id_missing" (Flag) "无身份证号" "No ID number" "no linked record has one" ["household_member.id_number"];
    IdCheck "id_check_failed" (Flag) "身份证校验不符" "ID check digit fails" "GB 11643 check of the person's number" ["household_member.id_number"];
    IdSex "id_sex_conflict" (Flag) "性别与身份证不符" "Sex against the ID number" "a record's sex is not the number's" ["household_member.sex" "household_member.id_number"];
    IdBirth "id_birth_conflict" (Flag) "出生日期与身份证不符" "Birth against the ID number" "a record's birth date is not the number's" ["household_member.birth_date" "household_member.id_number"];
    IdsDiffer "ids_differ" (Flag) "各部门身份证号不一致" "ID numbers differ" "linked records carry different numbers" ["household_member.id_number"];
    NamesDiffer "names_differ" (Flag) "各部门姓名不一致" "Names differ" "linked records carry different names" ["household_member.name"];
    RelationSex "relation_sex_conflict" (Flag) "配偶与户主同性" "Spouse of the head's sex" "spouse and head have one sex" ["household_member.relation" "household_member.sex"];
    RelationAge "relation_age_conflict" (Flag) "年龄与关系不符" "Age against relation" "a child older than the head, a parent younger" ["household_member.relation" "household_member.birth_date"];
    InSeveral "in_several_households" (Flag) "同时在多户" "In several households" "valid in view households that are not the same household" ["household_member.household_no"];
    Departments "departments" (Count("departments")) "有记录部门数" "Departments with records" "departments with a linked record" ["household_member.id_number"];
}
}
