use super::dictionary;

/// Values of `house_grade`.
pub const GRADES: &[&str] = &["A", "B", "C", "D"];
/// Values of `monitoring_category`.
pub const CATEGORIES: &[&str] = &["unstable_alleviated", "near_poor", "sudden_hardship", "regular_assistance"];

dictionary! {
/// What can be known of a household.
Household, HOUSEHOLD, HouseholdFact {
    // Who lives there
    Village "village" (Area) "所在村" "Village" "the village most of its members' records name" ["household_member.area"];
    Members "members" (Count("persons")) "共同生活人口" "Members" "living here or away, valid on as_of, not dead, not left" ["household_member.living" "death.died_on"];
    RegisteredMembers "registered_members" (Count("persons")) "户籍人口" "Registered members" "persons a residence register lists in it, valid on as_of" ["household_member.living"];
    MembersHere "members_here" (Count("persons")) "在家人口" "Members at home" "members whose living is here" ["household_member.living"];
    MembersAway "members_away" (Count("persons")) "外出人口" "Members away" "members whose living is away" ["household_member.living"];
    Children "children" (Count("persons")) "16岁以下人口" "Children under 16" "members under 16 on as_of" ["household_member.birth_date"];
    Elders "elders" (Count("persons")) "60岁以上人口" "Members of 60 and over" "members of 60 and over on as_of" ["household_member.birth_date"];
    WorkingAge "working_age_members" (Count("persons")) "16至59岁人口" "Members of 16 to 59" "members of 16 to 59 on as_of" ["household_member.birth_date"];
    DisabledMembers "disabled_members" (Count("persons")) "持残疾证人口" "Members with a disability card" "members in the disability register" ["disability.grade"];
    SevereDisabled "severely_disabled_members" (Count("persons")) "一二级残疾人口" "Members with disability grade 1 or 2" "members with grade 1 or 2" ["disability.grade"];
    EarningMembers "earning_members" (Count("persons")) "有工资人口" "Members with wages" "members with wages in the window" ["employment.monthly_wage" "income.amount"];
    Heads "heads" (Count("persons")) "户主人数" "Heads" "the most members one view calls head" ["household_member.relation"];
    Spouses "spouses" (Count("persons")) "配偶人数" "Spouses of the head" "the most members one view calls spouse" ["household_member.relation"];
    MembershipDoubt "membership_doubt" (Flag) "人口存疑" "Membership in doubt" "the views disagree on a member and the evidence does not decide" ["household_member.living"];
    ViewsDisagree "views_disagree" (Flag) "各部门人口不一致" "Departments disagree on members" "two departments list different living members" ["household_member.household_no"];
    HouseholdNoMismatch "household_no_mismatch" (Flag) "户编号对应多户" "Household number over several households" "one department's number joins persons of different households" ["household_member.household_no"];
    DeadListed "dead_listed" (Count("persons")) "死亡未销户人数" "Dead still listed" "persons a view lists as living in it who have died" ["death.died_on" "household_member.living"];
    SplitFromAlleviated "split_from_once_poor" (Flag) "由脱贫户分出" "Split from a once-poor household" "its head came from a household in alleviated" ["alleviated.year" "household_member.household_no"];

    // Income of the window
    EmploymentWage "employment_wage" (Money) "就业登记工资" "Wages by employment records" "sum of employment in the window" ["employment.monthly_wage"];
    DeclaredWage "income_wage" (Money) "收入调查工资" "Wages by income records" "sum of income item wage in the window" ["income.amount"];
    TaxWage "tax_wage" (Money) @answers "个税工资" "Wages by tax records" "sum of tax item wages in the window" ["tax.income"];
    Wage "wage" (Money) "工资性收入" "Wages" "the larger of employment_wage and income_wage" ["employment.monthly_wage" "income.amount"];
    Operating "operating_income" (Money) "生产经营收入" "Operating income" "sum of income item operating in the window" ["income.amount"];
    OperatingCost "operating_cost" (Money) "生产经营支出" "Operating cost" "sum of income item operating_cost in the window" ["income.amount"];
    PropertyIncome "property_income" (Money) "财产性收入" "Property income" "sum of income item property in the window" ["income.amount"];
    Transfer "transfer_income" (Money) "转移性收入" "Transfer income" "sum of income item transfer in the window" ["income.amount"];
    InsuranceClaim "insurance_claim" (Money) "理赔收入" "Insurance claims" "sum of income item insurance_claim in the window" ["income.amount"];
    Pension "pension" (Money) "养老金" "Pensions" "sum of pension in the window" ["pension.monthly_amount"];
    Subsidy "subsidy" (Money) "惠农补贴" "Subsidies" "sum of subsidy paid in the window" ["subsidy.amount"];
    Assistance "assistance" (Money) "救助金" "Assistance received" "sum of assistance in the window" ["assistance.monthly_amount"];
    NetIncome "net_income" (Money) "纯收入" "Net income" "wage + operating - operating_cost + property + transfer + pension + subsidy" ["employment.monthly_wage" "income.amount" "pension.monthly_amount" "subsidy.amount"];
    MonitoringIncome "monitoring_income" (Money) "监测收入" "Monitoring income" "net + assistance + insurance_claim - own medical cost of the window" ["employment.monthly_wage" "income.amount" "pension.monthly_amount" "subsidy.amount" "assistance.monthly_amount" "medical_cost.own_cost"];
    IncomePerHead "income_per_head" (Money) "人均监测收入" "Monitoring income a head" "monitoring_income / members, rounded down" ["employment.monthly_wage" "income.amount" "pension.monthly_amount" "subsidy.amount" "assistance.monthly_amount" "medical_cost.own_cost" "household_member.living"];
    MeansIncomeOpen "means_income_without_answers" (Money) "核对收入（不含查询）" "Means income without query answers" "net income without any assistance" ["employment.monthly_wage" "income.amount" "pension.monthly_amount" "subsidy.amount"];
    MeansIncome "means_income" (Money) @answers "核对收入" "Means income" "net income without any assistance; wages with consent also by tax records" ["employment.monthly_wage" "income.amount" "pension.monthly_amount" "subsidy.amount" "tax.income"];
    IncomeAssembled "income_assembled" (Money) "汇总收入" "Income assembled" "monitoring_income, unknown items as 0" ["employment.monthly_wage" "income.amount" "pension.monthly_amount" "subsidy.amount" "assistance.monthly_amount" "medical_cost.own_cost"];
    IncomeDeclared "income_declared" (Money) "申报收入" "Income declared" "income rows of the window, costs subtracted, nothing else" ["income.amount"];
    IncomeSurveyed "income_surveyed" (Flag) "有收入记录" "Has an income record" "any income row touches the window" ["income.amount"];
    WageConflict "wage_conflict" (Flag) "工资来源不一致" "Wage sources conflict" "employment_wage and income_wage differ by more than half and 5,000 yuan" ["employment.monthly_wage" "income.amount"];
    ValueDoubt "value_doubt" (Flag) "金额存疑" "A figure is implausible" "a figure that feeds its income or cost looks like a slip of unit or sign" ["employment.monthly_wage" "income.amount" "medical_cost.own_cost"];

    // Costs
    MedicalCost "medical_cost" (Money) "近12个月自付医疗费" "Own medical cost of the window" "sum of own_cost in the window" ["medical_cost.own_cost"];
    MedicalCostYear "medical_cost_year_largest" (Money) "今年一人最高自付医疗费" "Largest own medical cost of a member this year" "own_cost since 1 January, of the member with most" ["medical_cost.own_cost"];
    SchoolCost "school_cost" (Money) "近12个月上学自付费用" "Schooling cost of the window" "sum of school own_cost in the window, all stages" ["school.own_cost"];
    SchoolCostLargest "school_cost_largest" (Money) "一人最高非义务教育费用" "Largest non-compulsory schooling cost of a member" "own_cost of preschool, senior, vocational and college in the window, of the member with most" ["school.own_cost"];
    EssentialCost "essential_cost" (Money) "刚性支出" "Essential cost" "own medical cost and all school own cost of the window" ["medical_cost.own_cost" "school.own_cost"];

    // Guarantees and water
    OutOfSchool "children_out_of_school" (Count("persons")) "义务教育失学人数" "Children out of school" "6 on the last 1 September, under 16, latest valid status absent or left, or no row in a covered register" ["school.status"];
    Uncovered "uncovered_members" (Count("persons")) "未参保人数" "Members without medical cover" "cover of as_of's year none, or no row in a covered register" ["medical_cover.cover"];
    HouseUnsafe "house_unsafe" (Flag) "唯一住房危险" "Only home unsafe" "the only home graded C or D" ["house.grade"];
    HouseGrade "house_grade" (Code(GRADES)) "房屋等级" "House grade" "grade of the latest survey" ["house.grade"];
    HouseOnly "house_only_home" (Flag) "唯一住房" "Only home" "only_home of the latest survey" ["house.only_home"];
    HouseArea "house_area" (Number("m2")) "住房面积" "House area" "area of the latest survey" ["house.area_m2"];
    HouseSurveyed "house_surveyed_on" (Day) "房屋鉴定日期" "House surveyed on" "day of the latest survey" ["house.surveyed_on"];
    HouseConflict "house_conflict" (Flag) "房屋等级不一致" "House grades conflict" "two departments grade it safe and unsafe" ["house.grade"];
    WaterUnsafe "water_unsafe" (Flag) "饮水不安全" "Water unsafe" "any of the four unmet" ["water.quantity" "water.quality" "water.access" "water.reliability"];
    WaterQuantity "water_quantity_unmet" (Flag) "水量不达标" "Water quantity unmet" "quantity of the latest survey" ["water.quantity"];
    WaterQuality "water_quality_unmet" (Flag) "水质不达标" "Water quality unmet" "quality of the latest survey" ["water.quality"];
    WaterAccess "water_access_unmet" (Flag) "取水不便" "Water access unmet" "access of the latest survey" ["water.access"];
    WaterReliability "water_reliability_unmet" (Flag) "供水保证率不达标" "Water reliability unmet" "reliability of the latest survey" ["water.reliability"];
    WaterSurveyed "water_surveyed_on" (Day) "饮水调查日期" "Water surveyed on" "day of the latest survey" ["water.surveyed_on"];

    // Shocks
    EarnerMonthsWithout "main_earner_months_without_wage" (Count("months")) "主要劳力无工资月数" "Main earner's months without wage" "window months without wage of the member with most wages in the 12 months before the window" ["employment.monthly_wage"];
    EarnerAge "main_earner_age" (Count("years")) "主要劳力年龄" "Main earner's age" "on as_of" ["household_member.birth_date"];
    EarnerLiving "main_earner_living" (Flag) "主要劳力健在" "Main earner living" "the main earner has not died" ["death.died_on"];
    EarnerDied "main_earner_died" (Flag) "主要劳力去世" "Main earner died" "in the window or since" ["death.died_on"];
    EarnerDiedOn "main_earner_died_on" (Day) "主要劳力去世日期" "Main earner died on" "day of death" ["death.died_on"];
    Damage "disaster_damage" (Money) "灾害损失" "Disaster damage" "largest damage that happened after the same day a year before as_of" ["disaster.damage"];
    DamageOn "disaster_on" (Day) "受灾日期" "Disaster on" "day of that damage" ["disaster.happened_on"];

    // Lists
    OncePoor "once_poor" (Flag) "脱贫户" "Once poor" "it, or the household it split from, is in alleviated" ["alleviated.year"];
    AlleviatedYear "alleviated_year" (Count("year")) "脱贫年度" "Year alleviated" "year of alleviated" ["alleviated.year"];
    Monitored "monitored" (Flag) "监测对象" "Monitored" "a monitoring row in force on as_of" ["monitoring.category"];
    Category "monitoring_category" (Code(CATEGORIES)) "监测类别" "Monitoring category" "of the row in force" ["monitoring.category"];
    IdentifiedOn "monitoring_identified_on" (Day) "纳入监测日期" "Identified on" "of the latest row" ["monitoring.identified_on"];
    EliminatedOn "monitoring_eliminated_on" (Day) "风险消除日期" "Risk eliminated on" "of the latest row, if it is over" ["monitoring.eliminated_on"];
    MonitoringCause "monitoring_cause" (Text) "监测原因" "Monitoring cause" "of the latest row" ["monitoring.cause"];
    Dibao "listed_dibao" (Flag) "享受低保" "On dibao" "an assistance row in force on as_of" ["assistance.programme"];
    DibaoMargin "listed_dibao_margin" (Flag) "低保边缘" "On dibao margin" "an assistance row in force on as_of" ["assistance.programme"];
    Tekun "listed_tekun" (Flag) "享受特困供养" "On tekun" "an assistance row in force on as_of" ["assistance.programme"];
    Expenditure "listed_expenditure_hardship" (Flag) "刚性支出困难" "On expenditure hardship" "an assistance row in force on as_of" ["assistance.programme"];
    Temporary "listed_temporary" (Flag) "享受临时救助" "On temporary relief" "an assistance row in force on as_of" ["assistance.programme"];
    Renovation "listed_house_renovation" (Flag) "享受危房改造" "On house renovation" "an assistance row in force on as_of" ["assistance.programme"];
    AffordableHousing "listed_affordable_housing" (Flag) "享受保障性住房" "On affordable housing" "an assistance row in force on as_of" ["assistance.programme"];
    Listed "listed" (Flag) "在任一名单" "On any list" "any programme or monitoring in force on as_of" ["assistance.programme" "monitoring.category"];
    AssistanceSince "assistance_since" (Day) "救助起始日期" "Assistance since" "earliest from of the assistance in force" ["assistance.from"];
    AssistanceMonthly "assistance_monthly" (Money) "每月救助金" "Assistance a month" "sum of monthly_amount in force on as_of" ["assistance.monthly_amount"];
    RenovatedSince "house_renovated_since_survey" (Flag) "鉴定后已改造" "House renovated since the survey" "a house_renovation row began after the latest survey" ["assistance.from" "house.surveyed_on"];

    // Assets, by consent
    Consent "consent" (Flag) "有有效授权" "Live consent" "signed_on <= as_of <= expires_on and not revoked by as_of" ["consent.signed_on"];
    ConsentExpires "consent_expires_on" (Day) "授权到期日" "Consent expires on" "latest expires_on of its live consents" ["consent.expires_on"];
    Homes "homes" (Number("homes")) @answers "住房套数" "Homes" "one village house + sum of share of property with use home" ["property.share"];
    HomesArea "homes_area" (Number("m2")) @answers "住房总面积" "Area of all homes" "house area + sum of area x share of homes" ["house.area_m2" "property.area_m2"];
    FinancialAssets "financial_assets" (Money) @answers "金融资产" "Financial assets" "sum of balances at each member's latest day" ["bank.balance"];
    CarValue "car_value" (Money) @answers "最贵自用汽车价值" "Most valuable own car" "largest value of a car for own use, valid on as_of" ["vehicle.value"];
    BusinessCapital "business_capital" (Money) @answers "经营主体出资额" "Business capital" "largest capital of an active business" ["business.capital"];
    BusinessEmployees "business_employees" (Count("persons")) @answers "雇工人数" "Business employees" "most employees of an active business" ["business.employees"];
    SeriousDisease "serious_disease" (Flag) "患大病" "Serious disease" "a member's medical_cost with disease serious in the window" ["medical_cost.disease"];
    SevereDisability "severe_disability" (Flag) "重度残疾" "Severe disability" "a member with disability grade 1 or 2" ["disability.grade"];
    SevereCase "severe_case" (Flag) "大病或重残" "Serious disease or severe disability" "serious_disease or severe_disability" ["medical_cost.disease" "disability.grade"];

    // Land and machines
    Arable "arable_land" (Number("mu")) "耕地面积" "Arable land" "sum of members' arable land" ["land.area_mu"];
    Forest "forest_land" (Number("mu")) "林地面积" "Forest land" "sum of members' forest land" ["land.area_mu"];
    IdleLand "idle_land" (Number("mu")) "撂荒面积" "Idle land" "sum of members' idle land" ["land.area_mu"];
    MachineValue "machine_value" (Money) "农机价值" "Farm machines" "sum of members' farm machines" ["farm_machine.value"];
    PaidAfterDeath "paid_after_death" (Money) "死亡后发放金额" "Paid after death" "pension and subsidy dated after a person's death" ["pension.monthly_amount" "subsidy.amount" "death.died_on"];
}
}
