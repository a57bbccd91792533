use super::dictionary;

/// Values of `house_grade`.
pub const GRADES: &[&str] = &["A", "B", "C", "D", "none"];
/// Values of `monitoring_category`.
pub const CATEGORIES: &[&str] = &["unstable_alleviated", "near_poor", "sudden_hardship", "regular_assistance", "none"];
/// Values of `monitoring_cause`.
pub const CAUSES: &[&str] = &[
    "illness",
    "disability",
    "schooling",
    "disaster",
    "labour",
    "work",
    "accident",
    "house",
    "water",
    "other",
    "none",
];
/// Values of `income_method`.
pub const METHODS: &[&str] = &["declared", "evidence", "coefficient", "mixed", "none"];

dictionary! {
/// What can be known of a household.
Household, HOUSEHOLD, HouseholdFact {
    // Who lives there
    Village "village" (Area) "所在村" "Village" "the place most of its members' records name" ["household_member"];
    Members "members" (Count("persons")) "共同生活人口" "Members" "living here or away, valid on as_of, not dead, not left" ["household_member" "death"];
    RegisteredMembers "registered_members" (Count("persons")) "户籍人口" "Registered members" "persons a residence register lists in it, valid on as_of" ["household_member"];
    Adults "adults" (Count("persons")) "成年人口" "Adults" "members of 18 and over on as_of" ["household_member"];
    Minors "minors" (Count("persons")) "16岁以下人口" "Children under 16" "members under 16 on as_of" ["household_member"];
    Elderly "elderly" (Count("persons")) "60岁以上人口" "Members of 60 and over" "members of 60 and over on as_of" ["household_member"];
    WorkingAge "working_age" (Count("persons")) "16至59岁人口" "Members of 16 to 59" "members of 16 to 59 on as_of" ["household_member"];
    AdultsHere "adults_here" (Count("persons")) "在家成年人口" "Adults at home" "adults whose living is here" ["household_member"];
    MinorsHere "minors_here" (Count("persons")) "在家儿童" "Children at home" "members under 16 whose living is here" ["household_member"];
    AwayMembers "away_members" (Count("persons")) "外出人口" "Members away" "members whose living is away" ["household_member"];
    LeftMembers "left_members" (Count("persons")) "已离户人口" "Listed, but gone" "listed as left, or listed until a day in the window or since" ["household_member"];
    DeadMembers "dead_members" (Count("persons")) "死亡未销户人数" "Dead still listed" "persons a view lists as living there, whose death is delivered" ["household_member" "death"];
    DeathsInWindow "deaths_in_window" (Count("persons")) "近一年死亡人数" "Deaths in the window or since" "its persons who died since the window began" ["death"];
    Heads "heads" (Count("persons")) "户主人数" "Heads" "members whom the view that counts calls head" ["household_member"];
    Spouses "spouses" (Count("persons")) "配偶人数" "Spouses of the head" "members whom the view that counts calls spouse" ["household_member"];
    ViewsLow "views_members_low" (Count("persons")) "各部门最少人口" "Fewest members of a view" "of the delivered views of it, the dead left out" ["household_member"];
    ViewsHigh "views_members_high" (Count("persons")) "各部门最多人口" "Most members of a view" "of the delivered views of it, the dead left out" ["household_member"];
    MembershipDoubt "membership_doubt" (Flag) "人口存疑" "Membership in doubt" "the views disagree on a member and the evidence does not decide" ["household_member"];
    Split "split" (Flag) "分户" "Split from another" "its head was listed in another household before" ["household_member"];
    SplitOn "split_on" (Day) "分户日期" "Split on" "from of its head in the view that counts" ["household_member"];
    VillagesNamed "villages_named" (Count("villages")) "登记村数" "Villages named" "different villages its views name for its members" ["household_member"];
    PhoneHouseholds "phone_households" (Count("households")) "同号码户数" "Households with its phone" "households that name the phone most shared of its members', itself included" ["household_member"];
    NewestRecord "newest_record_on" (Day) "最新资料日期" "Newest record" "newest as_of of a delivery that speaks of it" ["household_member"];

    // Income of the window
    EmploymentWage "employment_wage" (Money) "就业登记工资" "Wages by employment records" "sum of employment in the window" ["employment"];
    DeclaredWage "declared_wage" (Money) "申报工资" "Wages by income records" "sum of income item wage in the window" ["income"];
    TaxWage "tax_wage" (Money) @answers "个税工资" "Wages by tax records" "sum of tax item wages in the window" ["tax"];
    Wage "wage_income" (Money) "工资性收入" "Wages" "the larger of employment_wage and declared_wage" ["employment" "income"];
    WageBefore "wage_income_before" (Money) "前一年工资" "Wages of the year before" "sum of employment in the 12 months before the window" ["employment"];
    Operating "operating_income" (Money) "生产经营收入" "Operating income" "sum of income item operating in the window" ["income"];
    OperatingCost "operating_cost" (Money) "生产经营支出" "Operating cost" "sum of income item operating_cost in the window" ["income"];
    PropertyIncome "property_income" (Money) "财产性收入" "Property income" "sum of income item property in the window" ["income"];
    Transfer "transfer_income" (Money) "转移性收入" "Transfer income" "sum of income item transfer in the window" ["income"];
    InsuranceClaims "insurance_claims" (Money) "理赔收入" "Insurance claims" "sum of income item insurance_claim in the window" ["income"];
    Pension "pension_income" (Money) "养老金" "Pensions" "sum of pension in the window" ["pension"];
    Subsidy "subsidy_income" (Money) "惠农补贴" "Subsidies" "sum of subsidy paid in the window" ["subsidy"];
    Assistance "assistance_income" (Money) "救助金" "Assistance received" "sum of assistance in the window" ["assistance"];
    NetIncome "net_income" (Money) "纯收入" "Net income" "wage + operating - operating_cost + property + transfer + pension + subsidy" ["employment" "income" "pension" "subsidy"];
    MonitoringIncome "monitoring_income" (Money) "监测收入" "Monitoring income" "net + assistance + insurance claims - own medical cost of the window" ["employment" "income" "pension" "subsidy" "assistance" "medical_cost"];
    IncomePerHead "income_per_head" (Money) "人均监测收入" "Monitoring income a head" "monitoring_income / members, rounded down" ["employment" "income" "pension" "subsidy" "assistance" "medical_cost" "household_member"];
    MeansIncomeOpen "means_income_without_answers" (Money) "核对收入（不含查询）" "Means income without query answers" "net income without any assistance" ["employment" "income" "pension" "subsidy"];
    MeansIncome "means_income" (Money) @answers "核对收入" "Means income" "net income without any assistance; wages with consent also by tax records" ["employment" "income" "pension" "subsidy" "tax"];
    IncomeAssembled "income_assembled" (Money) "汇总收入" "Income assembled" "monitoring_income, unknown items as 0" ["employment" "income" "pension" "subsidy" "assistance" "medical_cost"];
    IncomeDeclared "income_declared" (Money) "申报收入" "Income declared" "income rows of the window, costs subtracted, nothing else" ["income"];
    IncomeMethod "income_method" (Code(METHODS)) "收入取得方式" "How income was got" "method of its income rows of the window" ["income"];
    IncomeKnownOn "income_known_on" (Day) "收入资料日期" "Income known on" "as_of of the newest income or employment source with a row" ["income" "employment"];
    WageConflict "wage_conflict" (Flag) "工资来源不一致" "Wage sources conflict" "employment_wage and declared_wage differ by more than half and 5,000 yuan" ["employment" "income"];
    ValueDoubt "value_doubt" (Flag) "金额存疑" "A figure is implausible" "a figure that feeds its income or cost looks like a slip of unit or sign" ["employment" "income" "medical_cost"];
    LandSubsidy "land_subsidy" (Money) "种植类补贴" "Subsidies for land" "subsidies of the window whose item speaks of land, grain or farming" ["subsidy"];
    DuplicateSubsidies "duplicate_subsidies" (Count("rows")) "重复补贴笔数" "Subsidies paid twice" "rows of the window with another row's person, item, amount and month" ["subsidy"];
    AccountOutsiders "account_outsiders" (Count("rows")) "补贴账户非本户笔数" "Subsidies to an outsider's account" "rows of the window whose account_holder names nobody of the household" ["subsidy"];

    // Costs
    OwnCostWindow "own_cost_window" (Money) "近12个月自付医疗费" "Own medical cost of the window" "sum of own_cost in the window" ["medical_cost"];
    OwnCostBefore "own_cost_before" (Money) "前一年自付医疗费" "Own medical cost of the year before" "sum of own_cost in the 12 months before the window" ["medical_cost"];
    OwnCostYear "own_cost_year_largest" (Money) "今年一人最高自付医疗费" "Largest own medical cost of a member this year" "own_cost since 1 January of the member with most" ["medical_cost"];
    SchoolCost "school_cost" (Money) "近12个月上学自付费用" "Schooling cost of the window" "sum of school own_cost in the window, all stages" ["school"];
    SchoolCostLargest "school_cost_beyond_largest" (Money) "一人最高非义务教育费用" "Largest non-compulsory schooling cost" "own_cost of preschool, senior, vocational and college in the window, of the member with most" ["school"];
    EssentialCost "essential_cost" (Money) "刚性支出" "Essential cost" "own medical cost and all school own cost of the window" ["medical_cost" "school"];

    // Guarantees and water
    OutOfSchool "children_out_of_school" (Count("persons")) "义务教育失学人数" "Children out of school" "6 on the last 1 September, under 16, latest valid status absent or left, or no row in a covered register" ["school"];
    Uncovered "uncovered_members" (Count("persons")) "未参保人数" "Members without medical cover" "cover of as_of's year none, or no row in a covered register" ["medical_cover"];
    OnlyHome "only_home" (Flag) "唯一住房" "Only home" "only_home of the latest survey" ["house"];
    HouseGrade "house_grade" (Code(GRADES)) "房屋等级" "House grade" "grade of the latest survey" ["house"];
    HouseUnsafe "house_unsafe" (Flag) "唯一住房危险" "Only home unsafe" "the only home graded C or D" ["house"];
    HouseArea "house_area" (Number("m2")) "住房面积" "House area" "area of the latest survey" ["house"];
    HouseSurveyed "house_surveyed" (Flag) "已鉴定房屋" "House surveyed" "any house row" ["house"];
    HouseSurveyedOn "house_surveyed_on" (Day) "房屋鉴定日期" "House surveyed on" "day of the latest survey" ["house"];
    WaterQuantity "water_quantity" (Flag) "水量达标" "Water quantity met" "quantity of the latest survey" ["water"];
    WaterQuality "water_quality" (Flag) "水质达标" "Water quality met" "quality of the latest survey" ["water"];
    WaterAccess "water_access" (Flag) "取水方便" "Water access met" "access of the latest survey" ["water"];
    WaterReliability "water_reliability" (Flag) "供水保证" "Water reliability met" "reliability of the latest survey" ["water"];
    WaterUnsafe "water_unsafe" (Flag) "饮水不安全" "Water unsafe" "any of the four unmet" ["water"];
    WaterSurveyed "water_surveyed" (Flag) "已调查饮水" "Water surveyed" "any water row" ["water"];
    WaterSurveyedOn "water_surveyed_on" (Day) "饮水调查日期" "Water surveyed on" "day of the latest survey" ["water"];

    // Work and shocks
    MainEarner "main_earner" (Flag) "有主要劳力" "Has a main earner" "somebody with wages in the 12 months before the window" ["employment" "income"];
    EarnerMonths "main_earner_months_without_wage" (Count("months")) "主要劳力无工资月数" "Main earner's months without wage" "window months without wage of the main earner; 0 where there is none" ["employment" "income"];
    EarnerLiving "main_earner_living" (Flag) "主要劳力健在" "Main earner living" "the main earner has not died" ["death"];
    EarnerAge "main_earner_age" (Count("years")) "主要劳力年龄" "Main earner's age" "whole years on as_of" ["household_member"];
    EarnerDied "main_earner_died" (Flag) "主要劳力去世" "Main earner died" "in the window or since" ["death"];
    EarnerDiedOn "main_earner_died_on" (Day) "主要劳力去世日期" "Main earner died on" "day of death" ["death"];
    Workers "workers" (Count("persons")) "近期有工资人数" "Members at work" "members with a wage in the last 3 window months" ["employment"];
    LostWork "lost_work" (Count("persons")) "近期失业人数" "Members who lost work" "members whose work ended within the 6 months before as_of, and none since" ["employment"];
    WorkMonths "work_months" (Count("months")) "家庭有工资月数" "Months with any wage" "window months in which a member had a wage" ["employment"];
    Damage "disaster_damage" (Money) "灾害损失" "Disaster damage" "largest damage that happened after the same day a year before as_of; 0 where none" ["disaster"];
    DisasterHit "disaster_hit" (Flag) "受灾" "Hit by a disaster" "any disaster row after the same day a year before as_of" ["disaster"];
    DisasterOn "disaster_happened_on" (Day) "受灾日期" "Disaster happened on" "day of the largest damage" ["disaster"];
    DisasterKind "disaster_kind" (Text) "灾害种类" "Kind of disaster" "of the largest damage" ["disaster"];

    // Lists
    OncePoor "once_poor" (Flag) "脱贫户" "Once poor" "it, or the household it split from, is in alleviated" ["alleviated" "household_member"];
    AlleviatedYear "alleviated_year" (Count("year")) "脱贫年度" "Year alleviated" "year of alleviated" ["alleviated"];
    Dibao "receives_dibao" (Flag) "享受低保" "On dibao" "an assistance row in force on as_of" ["assistance"];
    DibaoMargin "receives_dibao_margin" (Flag) "低保边缘" "On dibao margin" "an assistance row in force on as_of" ["assistance"];
    Tekun "receives_tekun" (Flag) "享受特困供养" "On tekun" "an assistance row in force on as_of" ["assistance"];
    Expenditure "receives_expenditure_hardship" (Flag) "刚性支出困难" "On expenditure hardship" "an assistance row in force on as_of" ["assistance"];
    Temporary "receives_temporary" (Flag) "享受临时救助" "On temporary relief" "an assistance row in force on as_of" ["assistance"];
    Renovation "receives_house_renovation" (Flag) "享受危房改造" "On house renovation" "an assistance row in force on as_of" ["assistance"];
    AffordableHousing "receives_affordable_housing" (Flag) "享受保障性住房" "On affordable housing" "an assistance row in force on as_of" ["assistance"];
    AssistanceAmount "assistance_amount" (Money) "每月救助金" "Assistance a month" "sum of monthly_amount in force on as_of" ["assistance"];
    DibaoSince "dibao_since" (Day) "低保起始日期" "On dibao since" "from of the running dibao" ["assistance"];
    DibaoRows "dibao_rows" (Count("rows")) "低保记录数" "Dibao rows in force" "dibao rows in force on as_of" ["assistance"];
    DibaoEnded "dibao_ended" (Flag) "低保已停" "Dibao ended" "a dibao row ended in the 24 months before as_of and none runs" ["assistance"];
    DibaoEndedOn "dibao_ended_on" (Day) "低保停发日期" "Dibao ended on" "of that row" ["assistance"];
    ExpenditureSince "expenditure_hardship_since" (Day) "刚性支出困难起始日期" "On expenditure hardship since" "from of the running row" ["assistance"];
    TemporaryCount "temporary_count" (Count("rows")) "临时救助次数" "Times of temporary relief" "temporary rows that began in the window or since" ["assistance"];
    TemporaryEver "temporary_ever" (Flag) "曾临时救助" "Ever temporary relief" "any temporary row" ["assistance"];
    TemporaryOn "temporary_on" (Day) "最近临时救助日期" "Latest temporary relief" "from of the latest row" ["assistance"];
    TemporaryAmount "temporary_amount" (Money) "临时救助金额" "Temporary relief of the window" "sum of temporary in the window" ["assistance"];
    RenovationEver "house_renovation_ever" (Flag) "曾危房改造" "House ever renovated" "any house_renovation row" ["assistance"];
    RenovationOn "house_renovation_on" (Day) "危房改造日期" "House renovation on" "from of the latest row" ["assistance"];
    Monitored "monitored" (Flag) "监测对象" "Monitored" "a monitoring row in force on as_of" ["monitoring"];
    Category "monitoring_category" (Code(CATEGORIES)) "监测类别" "Monitoring category" "of the row in force; none where none is" ["monitoring"];
    MonitoringCause "monitoring_cause" (Code(CAUSES)) "监测原因" "Monitoring cause" "of the row in force, by its words" ["monitoring"];
    IdentifiedOn "identified_on" (Day) "纳入监测日期" "Identified on" "of the row in force" ["monitoring"];
    Eliminated "eliminated" (Flag) "风险已消除" "Risk eliminated" "the latest row is over and none is in force" ["monitoring"];
    EliminatedOn "eliminated_on" (Day) "风险消除日期" "Risk eliminated on" "of that row" ["monitoring"];
    EliminatedIdentified "eliminated_identified_on" (Day) "已消除户纳入日期" "Identified on, if eliminated" "of that row" ["monitoring"];

    // Consent and assets
    Consented "consented" (Flag) "有有效授权" "Live consent" "signed_on <= as_of <= expires_on and not revoked by as_of" ["consent"];
    ConsentSigned "consent_signed" (Flag) "签过授权" "Consent signed" "any consent row" ["consent"];
    ConsentExpires "consent_expires_on" (Day) "授权到期日" "Consent expires on" "latest expires_on of its live consents" ["consent"];
    QueryAnswers "query_answers" (Count("kinds")) @answers "查询答复种类" "Kinds of query answers" "kinds among bank, property, vehicle, business, tax with a row about a member" ["bank" "property" "vehicle" "business" "tax"];
    Homes "homes" (Number("homes")) @answers "住房套数" "Homes" "one village house + sum of share of property with use home" ["property"];
    HomesElsewhere "homes_elsewhere" (Number("homes")) @answers "其他住房套数" "Homes elsewhere" "sum of share of property with use home" ["property"];
    HomeArea "home_area" (Number("m2")) @answers "住房总面积" "Area of all homes" "house area + sum of area x share of homes" ["house" "property"];
    OtherProperty "other_property" (Count("rows")) @answers "商铺等房产数" "Other property" "property rows with use shop or other, valid on as_of" ["property"];
    FinancialAssets "financial_assets" (Money) @answers "金融资产" "Financial assets" "sum of balances at each member's latest day" ["bank"];
    CarValue "car_value" (Money) @answers "最贵自用汽车价值" "Most valuable own car" "largest value of a car for own use, valid on as_of" ["vehicle"];
    Vehicles "vehicles" (Count("vehicles")) @answers "机动车数" "Vehicles" "valid on as_of, without farm and disability_aid" ["vehicle"];
    BusinessActive "business_active" (Flag) @answers "有在营主体" "Active business" "any active business of a member" ["business"];
    BusinessCapital "business_capital" (Money) @answers "经营主体出资额" "Business capital" "largest capital of an active business" ["business"];
    BusinessEmployees "business_employees" (Count("persons")) @answers "雇工人数" "Business employees" "most employees of an active business" ["business"];

    // Health, disability, land
    SeriousIllness "serious_illness" (Flag) "患大病" "Serious illness" "a member's medical_cost with disease serious in the window" ["medical_cost"];
    SevereDisability "severe_disability" (Flag) "重度残疾" "Severe disability" "a member with disability grade 1 or 2" ["disability"];
    SeverelyDisabled "severely_disabled" (Count("persons")) "一二级残疾人口" "Severely disabled members" "members with grade 1 or 2" ["disability"];
    Disabled "disabled" (Count("persons")) "持残疾证人口" "Disabled members" "members with a card" ["disability"];
    ChronicallyIll "chronically_ill" (Count("persons")) "慢性病大病人口" "Chronically or seriously ill members" "members with disease chronic or serious in the window" ["medical_cost"];
    Pensioners "pensioners" (Count("persons")) "领养老金人口" "Pensioners" "members with a pension in force on as_of" ["pension"];
    StudentsBeyond "students_beyond" (Count("persons")) "非义务教育在校人口" "Students beyond compulsory school" "members enrolled in senior, vocational or college" ["school"];
    Arable "arable_mu" (Number("mu")) "耕地面积" "Arable land" "sum of members' arable land" ["land"];
    Forest "forest_mu" (Number("mu")) "林地面积" "Forest land" "sum of members' forest land" ["land"];
    IdleLand "idle_land_mu" (Number("mu")) "撂荒面积" "Idle land" "sum of members' idle land" ["land"];
    MachineValue "machine_value" (Money) "农机价值" "Farm machines" "sum of members' farm machines" ["farm_machine"];
}
}
