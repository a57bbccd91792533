//! A small county with dirty records: people, what each department wrote of them, and who each row is about.

use facts::records::{Keys, Nature, Resource};
use fellegi::Digest;
use std::cell::Cell;
use values::columns::Table;
use values::{Day, IdNumber, Precision};

/// Numbers that look random and are the same every time.
pub struct Dice(Cell<u64>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(Digest::default().number(seed).finish()))
    }

    pub fn below(&self, n: u64) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        Digest::default().number(self.0.get()).finish() % n
    }

    pub fn chance(&self, share: f64) -> bool {
        (self.below(1 << 30) as f64) < share * (1u64 << 30) as f64
    }

    /// The first values are the commoner ones.
    fn skewed<'a>(&self, list: &'a [char]) -> &'a char {
        let n = list.len() as u64;
        &list[self.below(n).min(self.below(n)) as usize]
    }
}

#[derive(Clone, Debug)]
pub struct Person {
    pub household: u64,
    pub name: String,
    pub sex: u8,
    pub birth: Day,
    pub number: IdNumber,
    pub village: u64,
    pub house: u64,
    pub phone: u64,
}

const SURNAMES: &str = "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹";
const GIVEN: &str = "伟强磊军洋勇杰涛明超辉刚平建国华文斌波志鹏宇浩林峰飞鑫亮海龙永东新成俊庆春生云忠德富贵祥福荣金玉光\
芳娜秀英敏静丽艳娟霞玲桂兰红梅燕萍琴凤珍莲香洁月花菊淑慧美翠雅雪才根全友顺长山川江河岳松柏树森木火炎土坤乾正中方圆\
大小天元亨宁远达通凯旋胜武威猛豪雄轩然博泽梓航晨曦阳旭晓逸凡嘉懿铭睿哲翰墨书奇思源卫兵星爱党跃进援朝\
佳欣怡梦琪涵雨萱诗语馨蕊薇菲莹莎蓉蕾黛青环悦媛若柔紫冰心秋夏冬莉莺菁苗蓓荷姗珊珠瑛瑾璐璇碧彩霓虹飘纯";

/// Families of one to six, so that about `count` people live in villages of about 1 500.
pub fn people(count: u64, dice: &Dice) -> Vec<Person> {
    let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let mut people: Vec<Person> = Vec::new();
    let mut household = 0;
    while (people.len() as u64) < count {
        household += 1;
        let village =
            539_901_100_200 + dice.below(count.div_ceil(1500).min(20)) * 1000 + dice.below(count.div_ceil(30_000));
        let (surname, house) = (*dice.skewed(&surnames), dice.below(300) + 1);
        let shared = 13_000_000_000 + dice.below(1_000_000_000);
        for role in 0..=dice.below(3) + dice.below(4) {
            let year = if role < 2 { 1950 + dice.below(45) } else { 1975 + dice.below(50) };
            let birth =
                Day::from_ymd(year as i16, dice.below(12) as i8 + 1, dice.below(28) as i8 + 1).expect("a day there is");
            let sex = if role == 0 {
                1
            } else if role == 1 {
                2
            } else {
                dice.below(2) + 1
            };
            let own = if role == 1 { *dice.skewed(&surnames) } else { surname };
            let mut name = String::from(own);
            (0..1 + u64::from(dice.chance(0.8))).for_each(|_| name.push(*dice.skewed(&given)));
            people.push(Person {
                household,
                name,
                sex: sex as u8,
                birth,
                number: number(birth, sex, dice),
                village,
                house,
                phone: if year > 2008 { shared } else { 15_000_000_000 + dice.below(1_000_000_000) },
            });
        }
    }
    people
}

fn number(birth: Day, sex: u64, dice: &Dice) -> IdNumber {
    let (year, month, day) = birth.ymd();
    let date = (year as u64 * 100 + month as u64) * 100 + day as u64;
    IdNumber::from_body((539_901 * 100_000_000 + date) * 1000 + dice.below(500) * 2 + sex % 2)
}

/// What a department writes down of a person.
#[derive(Clone, Copy)]
pub struct View {
    pub department: &'static str,
    pub record: &'static str,
    /// Columns it has, out of `id name sex birth month area address phone household`.
    pub columns: &'static str,
    /// Share of people with rows, and up to how many rows each.
    pub share: f64,
    pub rows: u64,
    /// How much worse than usual its records are.
    pub dirt: f64,
}

const fn view(
    department: &'static str,
    record: &'static str,
    columns: &'static str,
    share: f64,
    rows: u64,
    dirt: f64,
) -> View {
    View { department, record, columns, share, rows, dirt }
}

/// The police's register first, then what the others have.
pub const VIEWS: [View; 13] = [
    view("police", "household_member", "id name sex birth area address household", 1.0, 1, 0.2),
    view("agriculture", "household_member", "id name area household phone", 0.4, 1, 1.0),
    view("insurance", "medical_cover", "id name area", 0.95, 1, 1.0),
    view("insurance", "medical_cost", "id name sex month phone", 0.3, 6, 1.5),
    view("labour", "employment", "id name phone", 0.4, 8, 1.0),
    view("labour", "pension", "id name birth", 0.2, 2, 2.0),
    view("education", "school", "name sex birth area phone", 0.3, 2, 1.0),
    view("disabled", "disability", "id name area", 0.05, 1, 1.0),
    view("civil", "assistance", "name area household address", 0.06, 3, 1.0),
    view("civil", "death", "id name birth", 0.02, 1, 1.0),
    view("housing", "house", "name area", 0.2, 1, 1.0),
    view("finance", "subsidy", "name area phone", 0.3, 4, 1.0),
    view("bank", "bank", "id name", 0.3, 2, 0.5),
];

/// One department's rows and, for each, the person it is about.
pub fn deliver(people: &[Person], view: &View, dice: &Dice) -> (Resource, Vec<u32>) {
    let mut keys = Keys::default();
    let mut truth = Vec::new();
    for (at, person) in people.iter().enumerate() {
        if !dice.chance(view.share) {
            continue;
        }
        for _ in 0..=dice.below(view.rows) {
            // A housemate, whose number may slip in; households stand together in the list.
            let other = people[at.saturating_sub(1)..]
                .iter()
                .take(8)
                .find(|p| p.household == person.household && p.name != person.name);
            write(&mut keys, &dirty(person, other, view, dice), view);
            truth.push(at as u32);
        }
    }
    let len = truth.len();
    let resource = Resource {
        department: view.department.into(),
        name: view.record.into(),
        record: view.record.into(),
        nature: Nature::Register,
        as_of: Day::from_ymd(2026, 9, 30).expect("a day there is"),
        coverage: None,
        limit: None,
        rows: (1..=len as u32).collect(),
        keys,
        own: Table::new(len),
        own_digest: vec![0; len],
    };
    (resource, truth)
}

/// A person as one clerk wrote them on one day; a number of 0 is missing.
struct Written {
    number: u64,
    person: Person,
    is_new_phone: bool,
}

fn dirty(person: &Person, other: Option<&Person>, view: &View, dice: &Dice) -> Written {
    let mut person = person.clone();
    let slip = |share: f64| dice.chance(share * view.dirt);
    let mut number = person.number.key();
    if slip(0.03) {
        number = 0;
    } else if slip(0.02) {
        number = mistyped(person.number, dice);
    } else if let Some(other) = other.filter(|_| slip(0.007)) {
        number = other.number.key();
    }
    if slip(0.025) {
        person.name = miswritten(&person.name, dice);
    }
    if slip(0.01) {
        person.birth = person.birth.plus_days(dice.below(400) as i32 - 200);
    }
    if slip(0.05) {
        person.village = 539_901_100_200 + dice.below(10) * 1000;
        person.house = dice.below(300) + 1;
    }
    if slip(0.003) {
        person.sex = 3 - person.sex;
    }
    Written { number, person, is_new_phone: slip(0.15) }
}

fn mistyped(number: IdNumber, dice: &Dice) -> u64 {
    let mut digits: Vec<u8> = number.reveal().into_bytes();
    let at = dice.below(16) as usize;
    if dice.chance(0.5) {
        digits.swap(at, at + 1);
    } else {
        digits[at] = b'0' + (digits[at] - b'0' + 1 + dice.below(9) as u8) % 10;
    }
    IdNumber::parse(&String::from_utf8_lossy(&digits)).map_or(0, |number| number.key())
}

const HOMOPHONES: [(char, char); 12] = [
    ('伟', '纬'),
    ('明', '鸣'),
    ('国', '囯'),
    ('华', '桦'),
    ('峰', '峯'),
    ('玲', '铃'),
    ('芳', '方'),
    ('英', '瑛'),
    ('军', '君'),
    ('建', '健'),
    ('平', '萍'),
    ('林', '琳'),
];

fn miswritten(name: &str, dice: &Dice) -> String {
    let mut chars: Vec<char> = name.chars().collect();
    let last = chars.len() - 1;
    match dice.below(4) {
        0 if last == 2 => chars.swap(1, 2),
        1 if last == 2 => drop(chars.pop()),
        2 => chars[last] = *dice.skewed(&GIVEN.chars().collect::<Vec<_>>()),
        _ => {
            for c in &mut chars[1..] {
                *c = HOMOPHONES.iter().find(|(a, _)| a == c).map_or(*c, |(_, b)| *b);
            }
        }
    }
    chars.into_iter().collect()
}

fn write(keys: &mut Keys, written: &Written, view: &View) {
    let has = |column: &str| view.columns.split(' ').any(|known| known == column);
    let person = &written.person;
    keys.id_number.push(if has("id") { written.number } else { 0 });
    keys.name.push(has("name").then_some(person.name.as_str()));
    keys.sex.push(if has("sex") { person.sex } else { 0 });
    let (year, month, _) = person.birth.ymd();
    let month = Day::from_ymd(year, month, 1).expect("a day there is");
    keys.birth.push(if has("birth") {
        person.birth.0
    } else if has("month") {
        month.0
    } else {
        i32::MIN
    });
    keys.birth_precision.push(if has("month") { Precision::Month } else { Precision::Day });
    keys.area.push(if has("area") { person.village } else { 0 });
    keys.address.push(has("address").then(|| format!("河口村{}组{}号", person.house % 9 + 1, person.house)).as_deref());
    keys.phone.push(if has("phone") { person.phone + u64::from(written.is_new_phone) * 7_919 } else { 0 });
    keys.ethnicity.push(None);
    keys.household_no.push(has("household").then(|| format!("{}", person.household)).as_deref());
}

/// All departments' rows of a county of about `count` people.
pub fn county(count: u64, seed: u64, dirt: f64) -> (Vec<Resource>, Vec<Vec<u32>>) {
    let dice = Dice::new(seed);
    let people = people(count, &dice);
    let views = VIEWS.map(|view| View { dirt: view.dirt * dirt, ..view });
    views.iter().map(|view| deliver(&people, view, &dice)).unzip()
}

/// Precision and recall over pairs of records of one person.
pub fn accuracy(person: &[Vec<u32>], truth: &[Vec<u32>]) -> (f64, f64) {
    let mut alone = u32::MAX;
    let mut rows: Vec<(u32, u32)> = Vec::new();
    for (said, true_person) in person.iter().flatten().zip(truth.iter().flatten()) {
        let is_alone = *said == u32::MAX;
        alone -= u32::from(is_alone);
        rows.push((if is_alone { alone } else { *said }, *true_person));
    }
    let both = pairs(&rows, |row| row);
    (both / pairs(&rows, |row| (row.0, 0)), both / pairs(&rows, |row| (row.1, 0)))
}

/// Pairs of rows that agree in a key.
fn pairs(rows: &[(u32, u32)], key: impl Fn((u32, u32)) -> (u32, u32)) -> f64 {
    let mut keys: Vec<(u32, u32)> = rows.iter().map(|row| key(*row)).collect();
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|run| (run.len() * (run.len() - 1) / 2) as f64).sum()
}
