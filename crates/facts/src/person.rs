use super::dictionary;

pub const SEXES: &[&str] = &["1", "2"];
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
pub const COVERS: &[&str] = &["resident", "employee", "none"];
pub const STAGES: &[&str] = &["preschool", "primary", "junior", "senior", "vocational", "college", "none"];
pub const STATUSES: &[&str] = &["enrolled", "home_teaching", "absent", "left", "finished", "none"];
pub const WORK: &[&str] = &["employed", "lost", "retired", "none"];
pub const WORKPLACES: &[&str] = &["township", "county", "province", "beyond", "none"];
pub const DISEASES: &[&str] = &["serious", "chronic", "injury", "other", "none"];

dictionary! {
/// What can be known of a person of a household: its members, and who died or left it since the window began.
Person, PERSON, PersonFact {
    // Who
    Member "member" (Flag) "共同生活成员" "Member" "living here or away, valid on as_of, not dead, not left" ["household_member" "death"];
    Relation "relation" (Code(RELATIONS)) "与户主关系" "Relation to the head" "of the view that counts" ["household_member"];
    Living "living" (Code(LIVINGS)) "居住状况" "Living" "of the view that counts" ["household_member"];
    Registered "registered" (Flag) "户籍在册" "In the residence register" "a household register lists the person, valid on as_of" ["household_member"];
    MemberSince "member_since" (Day) "成为成员日期" "Member since" "from of the view that counts" ["household_member"];
    Sex "sex" (Code(SEXES)) "性别" "Sex" "of all linked records, GB/T 2261.1" ["household_member"];
    Birth "birth" (Day) "出生日期" "Born on" "of all linked records" ["household_member"];
    Age "age" (Count("years")) "年龄" "Age" "whole years on as_of" ["household_member"];
    AgeSeptember "age_last_september" (Count("years")) "上个9月1日年龄" "Age on the last 1 September" "whole years on the last 1 September up to as_of" ["household_member"];
    Died "died" (Flag) "已死亡" "Died" "a credible death record" ["death"];
    DiedOn "died_on" (Day) "死亡日期" "Died on" "earliest day of the credible death records" ["death"];
    DeathSources "death_sources" (Count("sources")) "死亡记录来源数" "Death sources" "resources with a death row" ["death"];
    DeathDatesApart "death_dates_apart" (Count("days")) "死亡日期相差天数" "Death dates apart" "days between the earliest and latest delivered day" ["death"];
    YoungerThanHead "years_younger_than_head" (Count("years")) "比户主小几岁" "Years younger than the head" "age of the head less the person's" ["household_member"];
    SameSexAsHead "same_sex_as_head" (Flag) "与户主同性别" "Of the head's sex" "sex against the head's" ["household_member"];
    HouseholdsNamed "households_named" (Count("households")) "被列入户数" "Households that list the person" "different households whose views list the person on as_of" ["household_member"];
    ConsentSigner "consent_signer" (Flag) "授权签署人" "Signed a consent" "any consent row in the person's name" ["consent"];

    // Cover and school
    Cover "medical_cover" (Code(COVERS)) "医保" "Medical cover" "of as_of's year; none where a covered register is silent" ["medical_cover"];
    CoverLastYear "cover_last_year" (Code(COVERS)) "上年医保" "Medical cover of last year" "rows of the year before as_of's" ["medical_cover"];
    Covers "covers" (Count("covers")) "参保种类数" "Different covers" "resident and employee named for as_of's year" ["medical_cover"];
    SchoolAge "school_age" (Flag) "义务教育年龄" "Of compulsory school age" "6 on the last 1 September and under 16 on as_of" ["household_member"];
    SchoolState "school_state" (Code(STATUSES)) "在校状况" "School status" "of the latest row valid on as_of; none where a covered register is silent" ["school"];
    Stage "school_stage" (Code(STAGES)) "学段" "School stage" "of the latest row valid on as_of" ["school"];
    OutOfSchool "out_of_school" (Flag) "失学" "Out of school" "of school age, status absent or left, or no row in a covered register" ["school"];
    Schools "school_schools" (Count("rows")) "同时学籍数" "Enrolments at once" "enrolled rows valid on as_of" ["school"];
    LeftSchool "left_school" (Flag) "曾离校" "Left school" "a row absent or left is the latest valid" ["school"];
    LeftSchoolOn "left_school_on" (Day) "离校日期" "Left school on" "from of that row" ["school"];
    SchoolCostBeyond "school_cost_beyond" (Money) "非义务教育自付费用" "Non-compulsory schooling cost" "own_cost of preschool, senior, vocational, college in the window" ["school"];
    SchoolCost "school_cost" (Money) "上学自付费用" "Schooling cost" "own_cost of all stages in the window" ["school"];

    // Work
    Work "employment_status" (Code(WORK)) "就业状况" "Employment status" "of the latest row; none where a covered register is silent" ["employment"];
    Workplace "workplace" (Code(WORKPLACES)) "务工地" "Workplace" "of the latest row" ["employment"];
    Wage "wage" (Money) "近12个月工资" "Wages of the window" "larger of employment and income item wage" ["employment" "income"];
    EmploymentWage "employment_wage" (Money) "就业登记工资" "Wages by employment records" "sum of employment in the window" ["employment"];
    DeclaredWage "declared_wage_person" (Money) "申报工资" "Wages by income records" "sum of the person's income item wage in the window" ["income"];
    WageBefore "wage_before" (Money) "前一年工资" "Wages of the year before" "larger of employment and income item wage in the 12 months before the window" ["employment" "income"];
    MonthsWorked "employed_window_months" (Count("months")) "有工资月数" "Months with wage" "window months that an employment row with a wage touches" ["employment"];
    MonthsBefore "employed_before_months" (Count("months")) "前一年有工资月数" "Months with wage the year before" "of the 12 months before the window" ["employment"];
    Employed "employed" (Flag) "在职" "Employed" "a wage in the last window month" ["employment"];
    EmployersAtOnce "employers_at_once" (Count("jobs")) "同时就业数" "Jobs at once" "most jobs in one window month" ["employment"];
    WageMax "wage_monthly_max" (Money) "最高月工资" "Largest monthly wage" "of the employment rows of the window; 0 where none" ["employment"];
    WageMin "wage_monthly_min" (Money) "最低月工资" "Smallest monthly wage" "of the employment rows of the window; 0 where none" ["employment"];
    MainEarner "main_earner" (Flag) "主要劳力" "Main earner" "most wages in the 12 months before the window" ["employment" "income"];

    // Pension, subsidy, assistance
    Pension "pension" (Money) "每月养老金" "Pension a month" "sum of monthly_amount in force on as_of" ["pension"];
    PensionRows "pension_rows" (Count("rows")) "养老金记录数" "Pension rows" "in force on as_of" ["pension"];
    PensionAfterDeath "pension_after_death" (Count("months")) "死亡后领养老金月数" "Months of pension after death" "months after the month of death" ["pension" "death"];
    WageAfterDeath "wage_after_death" (Count("months")) "死亡后工资月数" "Months of wage after death" "months after the month of death" ["employment" "death"];
    SubsidyAfterDeath "subsidy_after_death" (Count("rows")) "死亡后补贴笔数" "Subsidies after death" "rows paid after the month of death" ["subsidy" "death"];
    OwnCostAfterDeath "own_cost_after_death" (Count("rows")) "死亡后医疗费笔数" "Medical costs after death" "rows that begin after the month of death" ["medical_cost" "death"];
    AssistanceAfterDeath "assistance_after_death" (Count("months")) "死亡后救助月数" "Months of assistance after death" "months after the month of death of rows in the person's name" ["assistance" "death"];
    DisabilitySubsidy "disability_subsidy" (Flag) "残疾人补贴" "Disability subsidy" "a subsidy of the window whose item speaks of it" ["subsidy"];
    AgeSubsidy "age_subsidy" (Flag) "高龄补贴" "Old-age subsidy" "a subsidy of the window whose item speaks of it" ["subsidy"];
    StudentAid "student_aid" (Flag) "助学补贴" "Student aid" "a subsidy of the window whose item speaks of it" ["subsidy"];
    BankBalance "bank_balance" (Money) @answers "银行余额" "Bank balance" "sum of balances at the latest day" ["bank"];
    TaxWage "tax_wage_person" (Money) @answers "个税工资" "Wages by tax records" "sum of tax item wages in the window" ["tax"];

    // Health
    OwnCostYear "own_cost_year" (Money) "今年自付医疗费" "Own medical cost this year" "own_cost since 1 January of as_of's year" ["medical_cost"];
    OwnCostWindow "own_cost_window" (Money) "近12个月自付医疗费" "Own medical cost of the window" "own_cost in the window" ["medical_cost"];
    OwnOverTotal "own_cost_over_total" (Flag) "自付超过总费用" "Own cost over total cost" "a row's own_cost > total_cost" ["medical_cost"];
    Disease "disease" (Code(DISEASES)) "病种" "Disease" "gravest of the window's rows" ["medical_cost"];
    DisabilityGrade "disability_grade" (Count("grade")) "残疾等级" "Disability grade" "of the latest card; 0 where a covered register is silent" ["disability"];
    DisabilityKind "disability_kind" (Count("kind")) "残疾类别" "Disability kind" "of the latest card" ["disability"];
    DisabilityIssued "disability_issued_on" (Day) "残疾证签发日期" "Disability card issued on" "of the latest card" ["disability"];
    DisabilityCards "disability_cards" (Count("cards")) "残疾证数" "Disability cards" "different card rows" ["disability"];
    CardAgrees "disability_card_agrees" (Flag) "残疾证号与本人一致" "Card number agrees" "the number's ID part, kind and grade against the person and the row" ["disability"];

    // Identity
    IdValid "id_number_valid" (Flag) "身份证校验通过" "ID check digit holds" "GB 11643 check of the person's number" ["household_member"];
    IdBirth "id_birth_agrees" (Flag) "出生日期与身份证一致" "Birth agrees with the ID number" "birth dates delivered beside the number" ["household_member"];
    IdSex "id_sex_agrees" (Flag) "性别与身份证一致" "Sex agrees with the ID number" "sexes delivered beside the number" ["household_member"];
    IdShared "id_number_shared" (Flag) "身份证号被他人使用" "ID number shared" "another living person's records carry it" ["household_member"];
    IdNumbers "id_numbers" (Count("numbers")) "身份证号个数" "Different ID numbers" "delivered by departments" ["household_member"];
    Births "birth_dates" (Count("dates")) "出生日期个数" "Different birth dates" "delivered by departments to the day" ["household_member"];
    Names "names" (Count("names")) "姓名个数" "Different names" "delivered by departments" ["household_member"];
    Sexes "sexes" (Count("sexes")) "性别个数" "Different sexes" "delivered by departments" ["household_member"];
    Departments "departments" (Count("departments")) "有记录部门数" "Departments with records" "departments with a linked record" ["household_member"];
}
}
